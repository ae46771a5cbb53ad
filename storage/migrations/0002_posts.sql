-- Every post held. A removed one keeps its row, emptied, so that its thread stays whole and its id is never taken again.
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL DEFAULT '',
    host TEXT NOT NULL,                     -- host of the id; peers.standing hides by it
    local INTEGER NOT NULL,
    author_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    community_id INTEGER REFERENCES actors (id) ON DELETE SET NULL,
    type TEXT NOT NULL,                     -- Page, Note, Article, Event, Question, Video, Image, Audio, Document
    title TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',       -- clean HTML, without the title
    source TEXT NOT NULL DEFAULT '',        -- what the author typed
    summary TEXT NOT NULL DEFAULT '',       -- content warning
    sensitive INTEGER NOT NULL DEFAULT 0,
    language TEXT,
    audience TEXT NOT NULL,                 -- public, unlisted, followers, direct, members
    in_reply_to TEXT,                       -- id of what is answered, also if not held
    parent_id INTEGER,
    root_id INTEGER NOT NULL,               -- the post that began the thread; itself for such a one
    context TEXT,
    application TEXT,                       -- name of the client that wrote it
    application_website TEXT,
    link TEXT,                              -- what a Page links to
    locked INTEGER NOT NULL DEFAULT 0,
    pinned_at TEXT,                         -- pinned in its community
    likes_count INTEGER NOT NULL DEFAULT 0,
    boosts_count INTEGER NOT NULL DEFAULT 0,
    replies_count INTEGER NOT NULL DEFAULT 0,
    published_at TEXT NOT NULL,
    edited_at TEXT,
    removed_at TEXT,
    removed_by INTEGER,
    removed_for TEXT
);
CREATE INDEX posts_by_author ON posts (author_id, id);
CREATE INDEX posts_by_community ON posts (community_id, id);
CREATE INDEX posts_pinned ON posts (community_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX posts_by_root ON posts (root_id, id);
CREATE INDEX posts_by_parent ON posts (parent_id, id);
CREATE INDEX posts_by_missing_parent ON posts (in_reply_to) WHERE parent_id IS NULL AND in_reply_to IS NOT NULL;
CREATE INDEX posts_public ON posts (local, id) WHERE audience = 'public' AND removed_at IS NULL;

-- Whom a post names or addresses; `named` = it stands in the text.
CREATE TABLE mentions (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    named INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX mentions_by_actor ON mentions (actor_id, post_id);

CREATE TABLE post_tags (
    tag TEXT NOT NULL,                      -- case-folded, without #
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,                     -- as written
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX post_tags_by_post ON post_tags (post_id);

CREATE TABLE followed_tags (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (actor_id, tag)
);

-- What timelines read: one row for each post of an author (same id), and one for each announce or boost.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    by_actor INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                     -- post, boost, announce
    uri TEXT,                               -- the Announce's id
    audience TEXT NOT NULL DEFAULT 'public',
    UNIQUE (by_actor, post_id, kind)        -- one may boost one's own post
);
CREATE INDEX entries_by_actor ON entries (by_actor, id);
CREATE INDEX entries_by_post ON entries (post_id, id);
CREATE INDEX entries_by_uri ON entries (uri);

CREATE TABLE likes (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    uri TEXT,
    UNIQUE (actor_id, post_id)
);
CREATE INDEX likes_by_post ON likes (post_id, id);
CREATE INDEX likes_by_actor ON likes (actor_id, id);

CREATE TABLE bookmarks (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    UNIQUE (actor_id, post_id)
);
CREATE INDEX bookmarks_by_actor ON bookmarks (actor_id, id);
CREATE INDEX bookmarks_by_post ON bookmarks (post_id);

-- Posts that a person pinned to their own profile.
CREATE TABLE profile_pins (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (actor_id, post_id)
);
CREATE INDEX profile_pins_by_post ON profile_pins (post_id);

CREATE TABLE thread_mutes (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    root_id INTEGER NOT NULL,
    PRIMARY KEY (actor_id, root_id)
);

-- Earlier texts of a post; the newest stands in posts.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX revisions_by_post ON revisions (post_id, id);

CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER REFERENCES posts (id) ON DELETE CASCADE,
    place INTEGER NOT NULL DEFAULT 0,       -- order within the post
    type TEXT NOT NULL,                     -- image, video, audio, unknown
    media_type TEXT NOT NULL,
    name TEXT,                              -- file under the media folder; none while it lies only at remote_url
    preview TEXT,
    remote_url TEXT,
    description TEXT NOT NULL DEFAULT '',
    blurhash TEXT,
    width INTEGER,
    height INTEGER,
    preview_width INTEGER,
    preview_height INTEGER,
    focus_x REAL,
    focus_y REAL,
    created_at TEXT NOT NULL
);
CREATE INDEX media_by_post ON media (post_id, place);
CREATE INDEX media_unattached ON media (created_at) WHERE post_id IS NULL;

-- Ids that were deleted before or after we knew them: a late Create by whoever deleted it stays dead.
CREATE TABLE tombstones (
    uri TEXT NOT NULL,
    by_uri TEXT NOT NULL,                   -- the author
    deleted_at TEXT NOT NULL,
    PRIMARY KEY (uri, by_uri)
);

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY,
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,  -- who is told
    type TEXT NOT NULL,                     -- mention, post, boost, follow, follow_request, like, poll, update
    by_actor INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id INTEGER REFERENCES posts (id) ON DELETE CASCADE,
    target_id INTEGER REFERENCES actors (id) ON DELETE CASCADE,          -- the community of a join request
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX notifications_once ON notifications
    (actor_id, type, by_actor, COALESCE(post_id, 0), COALESCE(target_id, 0));
CREATE INDEX notifications_by_actor ON notifications (actor_id, id);
CREATE INDEX notifications_by_maker ON notifications (by_actor, type);
CREATE INDEX notifications_by_post ON notifications (post_id);

CREATE TABLE markers (
    actor_id INTEGER NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    timeline TEXT NOT NULL,                 -- home, notifications
    last_read_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (actor_id, timeline)
);

-- What an Idempotency-Key gave, for an hour.
CREATE TABLE repeats (
    token_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    post_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
);

CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    uri TEXT UNIQUE,
    by_actor INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    community_id INTEGER,
    comment TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT 'other',
    posts TEXT NOT NULL DEFAULT '[]',       -- JSON: post ids
    forwarded INTEGER NOT NULL DEFAULT 0,
    closed_at TEXT,
    created_at TEXT NOT NULL
);
