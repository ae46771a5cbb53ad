-- Know-how: what a thread taught, as an Article that leads back to its people.
CREATE TABLE know_how (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    licence TEXT NOT NULL DEFAULT '',       -- its address, or a name of ours
    review_at TEXT,                         -- by when its owner looks at it again
    uses_count INTEGER NOT NULL DEFAULT 0,
    due_at TEXT,                            -- ours: since when somebody's words are to leave it
    reminded_at TEXT                        -- ours: when its owner was told that it is to be looked at
);
CREATE INDEX know_how_due ON know_how (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX know_how_to_review ON know_how (review_at) WHERE reminded_at IS NULL;

-- The posts it was made from; of ours with the words as they went into it.
CREATE TABLE know_how_parts (
    note_id INTEGER NOT NULL REFERENCES know_how (post_id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    uri TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    post_id INTEGER,                        -- not a reference: what was disposed of stays in the note
    author_id INTEGER,
    role TEXT NOT NULL DEFAULT '',          -- question, tried, answer
    content TEXT NOT NULL DEFAULT '',       -- clean HTML
    PRIMARY KEY (note_id, place)
);
CREATE INDEX know_how_parts_by_post ON know_how_parts (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX know_how_parts_by_uri ON know_how_parts (uri);

-- Who stands behind it, by id, as whoever published it says.
CREATE TABLE know_how_people (
    note_id INTEGER NOT NULL REFERENCES know_how (post_id) ON DELETE CASCADE,
    uri TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (note_id, uri)
);
CREATE INDEX know_how_people_by_uri ON know_how_people (uri);

-- Who used it.
CREATE TABLE know_how_uses (
    post_id INTEGER NOT NULL REFERENCES know_how (post_id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX know_how_uses_by_actor ON know_how_uses (actor_id);

-- Where the note of an owner who left for good goes on.
CREATE TABLE know_how_heirs (
    post_id INTEGER PRIMARY KEY,
    heir_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE
);
CREATE INDEX know_how_heirs_by_heir ON know_how_heirs (heir_id);

-- A note while it is made: whom it quotes may object before it is published.
CREATE TABLE know_how_drafts (
    id INTEGER PRIMARY KEY,
    by_actor INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    root_id INTEGER NOT NULL,               -- the post that began the thread
    title TEXT NOT NULL,
    lead TEXT NOT NULL DEFAULT '',          -- Markdown
    language TEXT,
    licence TEXT NOT NULL,
    months INTEGER NOT NULL,                -- until it is to be looked at again
    state TEXT NOT NULL,                    -- draft, told, stopped, published
    version INTEGER NOT NULL DEFAULT 1,     -- one more with each change: what was read before is not published
    due_at TEXT,                            -- of one that was told: when it is published unless somebody objects
    post_id INTEGER,
    created_at TEXT NOT NULL
);
CREATE INDEX know_how_drafts_by_actor ON know_how_drafts (by_actor, id);
CREATE INDEX know_how_drafts_by_community ON know_how_drafts (community_id, id);
CREATE INDEX know_how_drafts_by_post ON know_how_drafts (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX know_how_drafts_due ON know_how_drafts (due_at) WHERE state = 'told';

CREATE TABLE know_how_picks (
    draft_id INTEGER NOT NULL REFERENCES know_how_drafts (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (draft_id, post_id)
);
CREATE INDEX know_how_picks_by_post ON know_how_picks (post_id);

-- Whom a draft quotes, whether they were told, and what they said to it.
CREATE TABLE know_how_answers (
    draft_id INTEGER NOT NULL REFERENCES know_how_drafts (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    told_at TEXT,
    told_by INTEGER,                        -- the direct note that told them
    answer TEXT NOT NULL DEFAULT '',        -- agree, leave_out, stop; empty: nothing yet
    reason TEXT NOT NULL DEFAULT '',
    answered_at TEXT,
    PRIMARY KEY (draft_id, actor_id)
);
CREATE INDEX know_how_answers_by_actor ON know_how_answers (actor_id);
CREATE INDEX know_how_answers_untold ON know_how_answers (draft_id) WHERE told_at IS NULL;

-- The notes of a community.
CREATE INDEX posts_articles ON posts (community_id, id) WHERE type = 'Article';
