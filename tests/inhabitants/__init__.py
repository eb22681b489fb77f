"""Who lives in a world: the services' own code, with fakes only for Git trees, engines and the renderer."""
