-- Everyone met: people, communities, node actors; ours (local = 1) and others'.
-- `host` is the host of the id; `domain` is what stands in the handle.
CREATE TABLE actors (
    id INTEGER PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,                     -- Person, Group, Application, Service, Organization
    handle TEXT NOT NULL,                   -- lower case
    host TEXT NOT NULL,
    domain TEXT NOT NULL,
    local INTEGER NOT NULL,
    display_name TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',       -- clean HTML
    summary_source TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    inbox TEXT NOT NULL DEFAULT '',
    shared_inbox TEXT,
    outbox TEXT,
    followers_uri TEXT,
    following_uri TEXT,
    featured_uri TEXT,
    facilitators_uri TEXT,                  -- a Group's attributedTo
    icon TEXT,                              -- where a picture lies: a media name of ours or a peer's address
    image TEXT,
    fields TEXT NOT NULL DEFAULT '[]',      -- JSON: [{"name", "value"}]
    also_known_as TEXT NOT NULL DEFAULT '[]',
    approves INTEGER NOT NULL DEFAULT 0,    -- a follow waits for a decision
    bot INTEGER NOT NULL DEFAULT 0,
    findable TEXT NOT NULL DEFAULT 'members',  -- hidden, council, members, nodes, public
    indexable INTEGER NOT NULL DEFAULT 0,
    moved_to TEXT,
    state TEXT NOT NULL DEFAULT 'active',   -- active, suspended, deleted
    followers_count INTEGER NOT NULL DEFAULT 0,
    following_count INTEGER NOT NULL DEFAULT 0,
    posts_count INTEGER NOT NULL DEFAULT 0,
    last_post_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    fetched_at TEXT
);
-- Lemmy lets a person and a community share a handle; here (table handles) they never do.
CREATE UNIQUE INDEX actors_by_handle ON actors (handle, domain, (type = 'Group')) WHERE state <> 'deleted';
CREATE INDEX actors_by_host ON actors (host);
CREATE INDEX actors_here ON actors (type, state, id) WHERE local = 1;

-- Pictures of actors elsewhere that were fetched and are served from here.
CREATE TABLE pictures (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                     -- icon, image
    url TEXT NOT NULL,                      -- where it lay; it counts while the actor names the same
    name TEXT NOT NULL,                     -- file under the media folder
    PRIMARY KEY (actor_id, kind)
);

-- Handles that are or were somebody's here; one is never given again.
CREATE TABLE handles (
    handle TEXT PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id)
);

-- Our own keys, encrypted with the node's key file.
CREATE TABLE private_keys (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                     -- rsa, ed25519
    key_id TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL,
    public TEXT NOT NULL,                   -- SPKI PEM for rsa, Multikey for ed25519
    created_at TEXT NOT NULL,
    PRIMARY KEY (actor_id, kind)
);

-- Others' keys, as fetched; `failed_at` remembers a look-up that gave nothing.
CREATE TABLE public_keys (
    key_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,                    -- the actor's id
    host TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- rsa, ed25519
    public TEXT NOT NULL,
    fetched_at TEXT NOT NULL
);
CREATE INDEX public_keys_by_owner ON public_keys (owner);

-- People who sign in here.
CREATE TABLE accounts (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    email TEXT NOT NULL UNIQUE,
    password TEXT,                          -- argon2, or none until it is set
    admin INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'active',   -- active, suspended, deleted
    locale TEXT NOT NULL DEFAULT 'en',
    audience TEXT NOT NULL DEFAULT 'public',
    sensitive INTEGER NOT NULL DEFAULT 0,
    language TEXT,
    created_at TEXT NOT NULL,
    last_seen_at TEXT
);

-- One-time links by which a person sets a password.
CREATE TABLE invitations (
    secret TEXT PRIMARY KEY,                -- SHA-256 of what the link holds
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL
);

-- Web sessions: sign-in and consent pages, our own pages; never the client API.
CREATE TABLE sessions (
    secret TEXT PRIMARY KEY,                -- SHA-256 of the cookie
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

-- Wrong passwords, for the lock-out.
CREATE TABLE sign_in_failures (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, at);

-- Who follows whom. A follow of a Group is a membership; of a node actor, an exchange between nodes.
CREATE TABLE follows (
    id INTEGER PRIMARY KEY,
    follower_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    state TEXT NOT NULL,                    -- requested, accepted
    uri TEXT NOT NULL,                      -- the Follow's id
    body BLOB,                              -- the Follow as received, echoed in its Accept
    reblogs INTEGER NOT NULL DEFAULT 1,
    notify INTEGER NOT NULL DEFAULT 0,
    requested_at TEXT NOT NULL,
    accepted_at TEXT,
    UNIQUE (follower_id, target_id)
);
CREATE INDEX follows_by_follower ON follows (follower_id, state, target_id, reblogs);
CREATE INDEX follows_by_target ON follows (target_id, state);
CREATE INDEX follows_by_uri ON follows (uri);

CREATE TABLE blocks (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    uri TEXT,
    id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (actor_id, target_id)
);
CREATE INDEX blocks_by_target ON blocks (target_id);

CREATE TABLE mutes (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    notifications INTEGER NOT NULL DEFAULT 1,
    until TEXT,
    id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (actor_id, target_id)
);

-- Private notes about others.
CREATE TABLE remarks (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (actor_id, target_id)
);

-- What is true of communities beside their actor.
CREATE TABLE communities (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    join_mode TEXT NOT NULL DEFAULT 'open',     -- open, approval, invite
    visibility TEXT NOT NULL DEFAULT 'public',  -- public, members
    closed_at TEXT
);

CREATE TABLE facilitators (
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    lead INTEGER NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    PRIMARY KEY (community_id, actor_id)
);
CREATE INDEX facilitators_by_actor ON facilitators (actor_id);

CREATE TABLE bans (
    community_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    by_actor INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    until TEXT,
    banned_at TEXT NOT NULL,
    PRIMARY KEY (community_id, actor_id)
);
