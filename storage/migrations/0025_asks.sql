-- What a thread of a community asks for. Its post has the title, the text, and who reads it.
CREATE TABLE asks (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    asker_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    need TEXT NOT NULL DEFAULT '',          -- what was typed into the form, as text
    tried TEXT NOT NULL DEFAULT '',
    by_when TEXT,                           -- YYYY-MM-DD
    state TEXT NOT NULL DEFAULT 'open',     -- open, answered, resolved, withdrawn; follows from what is below
    asked_at TEXT NOT NULL,
    answered_at TEXT,                       -- the first reply by another person that stands
    told_at TEXT,                           -- an expert answered privately
    resolved_at TEXT,                       -- the first accepted answer that stands
    withdrawn_at TEXT,
    say_at TEXT,                            -- when the community is to say that it is resolved
    said_by INTEGER,                        -- the post in which it does, once
    ask_again_at TEXT,                      -- when an asker of this node is asked whether it helped
    asked_again_at TEXT,                    -- when that was done, once
    asked_again_by INTEGER,                 -- the post that asks
    helped TEXT,                            -- yes, partly, no
    helped_how TEXT NOT NULL DEFAULT ''
);
CREATE INDEX asks_by_community ON asks (community_id, state, post_id);
CREATE INDEX asks_by_state ON asks (state, post_id);
CREATE INDEX asks_by_asker ON asks (asker_id, post_id);
CREATE INDEX asks_to_say ON asks (say_at) WHERE say_at IS NOT NULL;
CREATE INDEX asks_to_ask_again ON asks (ask_again_at) WHERE ask_again_at IS NOT NULL;
CREATE INDEX asks_asked_again ON asks (asked_again_by) WHERE asked_again_by IS NOT NULL;

-- The entries of the service list that an ask is about.
CREATE TABLE ask_services (
    post_id INTEGER NOT NULL REFERENCES asks (post_id) ON DELETE CASCADE,
    service_id TEXT NOT NULL,
    PRIMARY KEY (post_id, service_id)
);
CREATE INDEX ask_services_by_service ON ask_services (service_id, post_id);

-- Replies that the asker, or a facilitator, accepted as an answer.
CREATE TABLE accepted_answers (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    ask_id INTEGER NOT NULL REFERENCES asks (post_id) ON DELETE CASCADE,
    by_actor INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri TEXT,                               -- the ChooseAnswer
    accepted_at TEXT NOT NULL
);
CREATE INDEX accepted_by_ask ON accepted_answers (ask_id, accepted_at);
CREATE INDEX accepted_by_actor ON accepted_answers (by_actor);
