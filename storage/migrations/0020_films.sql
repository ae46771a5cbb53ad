-- A film that came and is not yet written anew: `raw` is the file as it came, until `name` is there or nothing
-- came of it. How long a film or a sound lasts, in seconds.
ALTER TABLE media ADD COLUMN raw TEXT;
ALTER TABLE media ADD COLUMN duration REAL;
CREATE INDEX media_raw ON media (created_at) WHERE raw IS NOT NULL;
