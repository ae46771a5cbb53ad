-- What a person arranges for their own reading: lists, filters.

-- Lists: whom they gather, and whether that keeps them out of the home timeline.

CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    replies TEXT NOT NULL CHECK (replies IN ('followed', 'list', 'none')),
    exclusive INTEGER NOT NULL DEFAULT 0,
    -- Each community that a person joined is a list without a row; it has one once it was changed.
    community_id INTEGER REFERENCES actors (id) ON DELETE CASCADE,
    UNIQUE (actor_id, community_id)
);
CREATE INDEX lists_by_actor ON lists (actor_id, exclusive);

CREATE TABLE list_members (
    id INTEGER PRIMARY KEY,                 -- later ones come later
    list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    UNIQUE (list_id, actor_id)
);
CREATE INDEX list_members_by_actor ON list_members (actor_id);

-- Filters: words, and single posts, that a person would rather not read.
CREATE TABLE filters (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    contexts TEXT NOT NULL,                 -- home, notifications, public, thread, account: a JSON array
    action TEXT NOT NULL CHECK (action IN ('warn', 'hide')),
    expires_at TEXT
);
CREATE INDEX filters_by_actor ON filters (actor_id);

CREATE TABLE filter_keywords (
    id INTEGER PRIMARY KEY,
    filter_id INTEGER NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    keyword TEXT NOT NULL,
    whole_word INTEGER NOT NULL
);
CREATE INDEX filter_keywords_by_filter ON filter_keywords (filter_id);

CREATE TABLE filter_posts (
    id INTEGER PRIMARY KEY,
    filter_id INTEGER NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    UNIQUE (filter_id, post_id)
);
CREATE INDEX filter_posts_by_post ON filter_posts (post_id);

-- Conversations: the threads of direct posts in which a person of this node is named, or that they began.
CREATE TABLE conversations (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    root_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    last_post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    unread INTEGER NOT NULL,
    PRIMARY KEY (actor_id, root_id)
);
CREATE INDEX conversations_latest ON conversations (actor_id, last_post_id);
CREATE INDEX conversations_by_root ON conversations (root_id);
CREATE INDEX conversations_by_last_post ON conversations (last_post_id);

-- Web Push: where a client wants to be told, one row for each token. ``sent_to`` is the last notification that
-- went there or was not wanted; ``due_at`` is when to look whether there are later ones.
CREATE TABLE push_subscriptions (
    id INTEGER PRIMARY KEY,
    token_id INTEGER NOT NULL UNIQUE REFERENCES tokens (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL,
    p256dh BLOB NOT NULL,
    secret BLOB NOT NULL,
    standard INTEGER NOT NULL,
    alerts TEXT NOT NULL,                   -- the kinds of notification that are wanted: a JSON array
    policy TEXT NOT NULL CHECK (policy IN ('all', 'followed', 'follower', 'none')),
    sent_to INTEGER NOT NULL,
    due_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX push_by_actor ON push_subscriptions (actor_id);
CREATE INDEX push_due ON push_subscriptions (due_at) WHERE due_at IS NOT NULL;

-- Nodes of which a person would rather hear nothing.
CREATE TABLE muted_hosts (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    UNIQUE (actor_id, host)
);

-- Hashtags that a person shows on their profile.
CREATE TABLE featured_tags (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (actor_id, tag)
);

-- What of notifications a person wants to see at once, to look through first, or not at all.
CREATE TABLE notification_policies (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id) ON DELETE CASCADE,
    not_following TEXT NOT NULL DEFAULT 'accept',       -- accept, filter, drop
    not_followers TEXT NOT NULL DEFAULT 'accept',
    new_accounts TEXT NOT NULL DEFAULT 'accept',
    private_mentions TEXT NOT NULL DEFAULT 'accept',
    limited_accounts TEXT NOT NULL DEFAULT 'accept'
);

-- From whom a person wants to hear whatever the policy says.
CREATE TABLE notification_permissions (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    by_actor INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (actor_id, by_actor)
);
CREATE INDEX notification_permissions_by_maker ON notification_permissions (by_actor);

ALTER TABLE notifications ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notifications_filtered ON notifications (actor_id, by_actor, id) WHERE filtered = 1;
