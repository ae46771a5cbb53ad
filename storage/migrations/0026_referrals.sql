-- Asks that nobody answers: where the clock stands, what was done, whom a community asked, and what came of it.

-- An ask in a community of this node whose clock was started.
CREATE TABLE escalations (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    nation TEXT NOT NULL,                   -- england, wales, scotland, northern_ireland: the asker's
    asked_at TEXT NOT NULL,
    step TEXT,                              -- the last one taken: facilitator, community, councils, act
    step_at TEXT,
    due_at TEXT                             -- when the next is due; null: answered, or nothing follows
);
CREATE INDEX escalations_due ON escalations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX escalations_by_community ON escalations (community_id, post_id);

-- Each step as it was taken, by the clock or by somebody.
CREATE TABLE escalation_steps (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    step TEXT NOT NULL,                     -- as above; hand: a facilitator asked; passed: somebody passed it on
    asked INTEGER NOT NULL,                 -- how many were asked
    passed_over TEXT NOT NULL,              -- JSON: how many were not, by what spoke against it
    at TEXT NOT NULL
);
CREATE INDEX escalation_steps_by_post ON escalation_steps (post_id, id);

-- A routed ask of a community of this node.
CREATE TABLE referrals (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    note_id INTEGER NOT NULL,               -- the direct note that asked
    step TEXT NOT NULL,
    by_actor INTEGER,                       -- who asked by hand, or passed it on
    reasons TEXT NOT NULL,                  -- JSON: [["service", "service/372", 0], ...]
    asked_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',     -- open, answered, declined
    ended_at TEXT,
    UNIQUE (post_id, person_id)
);
CREATE INDEX referrals_by_person ON referrals (person_id, asked_at);
CREATE INDEX referrals_by_note ON referrals (note_id);

-- Private answers to routed asks that the community has yet to read.
CREATE TABLE referral_answers (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    referral_id INTEGER NOT NULL REFERENCES referrals (id) ON DELETE CASCADE
);

-- A routed ask to somebody of this node, whichever node its community is of.
CREATE TABLE routed (
    note_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    ask_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    reply_id INTEGER,                       -- what was published for them in the thread
    replied_at TEXT
);
CREATE INDEX routed_by_person ON routed (person_id, asked_at);
CREATE INDEX routed_by_ask ON routed (ask_id, person_id);

-- When somebody may be asked; of people elsewhere only that they stopped it.
CREATE TABLE availability (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    stopped_at TEXT,
    away_from TEXT,                         -- days of the calendar, both included
    away_until TEXT
);
