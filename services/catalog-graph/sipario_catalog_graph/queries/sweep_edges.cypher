// Which edges has nobody declared in this epoch?
MATCH (:Entity)-[r]->(:Entity)
WHERE r.epoch IS NULL OR r.epoch < $epoch
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS removed
