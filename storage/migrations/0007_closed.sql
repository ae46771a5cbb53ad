-- Whom a facilitator invited into a community: here who may join it without a decision.
CREATE TABLE invited (
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    by_actor INTEGER NOT NULL,
    invited_at TEXT NOT NULL,
    PRIMARY KEY (community_id, actor_id)
);

-- Communities that only their members read, ours and others'.
CREATE INDEX actors_closed ON actors (local, id) WHERE type = 'Group' AND approves = 1;

-- A post for members is in no count that others see.
UPDATE actors
   SET posts_count = (SELECT COUNT(*) FROM entries AS e
                       WHERE e.by_actor = actors.id AND e.audience NOT IN ('direct', 'members'))
 WHERE id IN (SELECT by_actor FROM entries WHERE audience = 'members');

-- The bytes of what somebody sent that was worked on: they go at once with what they told.
CREATE INDEX received_read ON received (actor_uri) WHERE body IS NOT NULL AND state <> 'waiting';
