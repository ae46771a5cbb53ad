-- The inbox: what was accepted with 202, once for each id, until it has been worked on.
CREATE TABLE received (
    id INTEGER PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    actor_uri TEXT NOT NULL,
    host TEXT NOT NULL,
    key_id TEXT NOT NULL,
    body BLOB,                              -- the bytes as they came; gone 7 days after they were worked on
    state TEXT NOT NULL DEFAULT 'waiting',  -- waiting, done, ignored, refused, dead
    outcome TEXT NOT NULL DEFAULT '',
    attempt INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    locked_until TEXT,
    received_at TEXT NOT NULL
);
CREATE INDEX received_waiting ON received (due_at, id) WHERE state = 'waiting';
CREATE INDEX received_by_actor ON received (actor_uri, id) WHERE state = 'waiting';

-- What goes out: the bytes once, however many get them.
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    uri TEXT NOT NULL,                      -- the activity's id
    type TEXT NOT NULL,                     -- of an Announce that carries an activity whole: that one's
    object_uri TEXT,                        -- what it is about: a Delete removes unsent Creates and Updates of it
    sender_id INTEGER NOT NULL,             -- whose key signs
    body BLOB NOT NULL
);
CREATE INDEX bodies_by_object ON bodies (object_uri);

-- One row for each inbox that an activity still has to reach; a host's rows go in order of id.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    inbox TEXT NOT NULL,
    body_id INTEGER NOT NULL REFERENCES bodies (id),
    attempt INTEGER NOT NULL DEFAULT 0,     -- 0: it never left this node
    refusals INTEGER NOT NULL DEFAULT 0,    -- how often the peer itself answered it with 5xx or 401
    first_refused_at TEXT,
    last_answer TEXT NOT NULL DEFAULT '',
    queued_at TEXT NOT NULL,
    UNIQUE (inbox, body_id)
);
CREATE INDEX deliveries_by_host ON deliveries (host, id);
CREATE INDEX deliveries_by_body ON deliveries (body_id);

-- One row for each host that has deliveries waiting: when its head is due, and who works on it.
CREATE TABLE queues (
    host TEXT PRIMARY KEY,
    due_at TEXT NOT NULL,
    locked_until TEXT,
    rest_until TEXT,                        -- nothing that the peer sends wakes it before
    failures INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX queues_due ON queues (due_at);

-- Every node met.
CREATE TABLE peers (
    host TEXT PRIMARY KEY,
    domain TEXT UNIQUE,                     -- in which its handles end, if that is not its host
    software TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'unknown',   -- group, plain, unknown (design 5)
    kind_at TEXT,                           -- when NodeInfo was last asked
    scheme TEXT NOT NULL DEFAULT 'cavage',  -- the signature scheme that worked
    standing TEXT NOT NULL DEFAULT 'open',  -- open, hidden: its content is not shown
    hidden_at TEXT,
    heard_at TEXT,                          -- last verified request from it
    reached_at TEXT,                        -- last delivery that it took
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    met_at TEXT NOT NULL
);

-- Activities that outlive their queue row: what communities passed on, and ours that an outbox or an Undo needs.
CREATE TABLE activities (
    uri TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    actor_id INTEGER NOT NULL,              -- who acted
    community_id INTEGER,                   -- the community that passed it on
    post_id INTEGER REFERENCES posts (id) ON DELETE CASCADE,
    object_uri TEXT,
    wrapped_by TEXT,                        -- the id of the Announce that carried it whole
    plain_by TEXT,                          -- the id of the Announce that named only its object
    audience TEXT NOT NULL,
    body BLOB NOT NULL,                     -- unmodified
    at TEXT NOT NULL
);
CREATE INDEX activities_by_community ON activities (community_id, at);
CREATE INDEX activities_by_post ON activities (post_id);
CREATE INDEX activities_by_actor ON activities (actor_id, at);
CREATE INDEX activities_by_wrapper ON activities (wrapped_by);
CREATE INDEX activities_by_plain ON activities (plain_by);

-- Hosts that were sent an object of ours or fetched it signed: an edit or a deletion goes to each.
CREATE TABLE copies (
    object_uri TEXT NOT NULL,
    host TEXT NOT NULL,
    inbox TEXT,
    PRIMARY KEY (object_uri, host)
);
