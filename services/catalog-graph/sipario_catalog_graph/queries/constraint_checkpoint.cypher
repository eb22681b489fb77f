// Is every checkpoint there once?
CREATE CONSTRAINT checkpoint_projection IF NOT EXISTS FOR (c:Checkpoint) REQUIRE c.projection IS UNIQUE
