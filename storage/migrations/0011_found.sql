-- How people find people and communities: whom somebody points others to, what they were shown and did not want.

CREATE TABLE endorsements (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    UNIQUE (actor_id, target_id)
);
CREATE INDEX endorsements_by_target ON endorsements (target_id);

CREATE TABLE unwanted_suggestions (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (actor_id, target_id)
);
CREATE INDEX unwanted_suggestions_by_target ON unwanted_suggestions (target_id);

CREATE INDEX actors_findable ON actors (type, findable) WHERE state = 'active';
