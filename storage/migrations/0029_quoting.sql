-- Who may quote a post (FEP-044f): public, followers, nobody but its author; of another node also `manual`, where
-- its author is asked each time. How many posts that are held here quote it with its author's consent.
ALTER TABLE posts ADD COLUMN quote_policy TEXT NOT NULL DEFAULT 'nobody';
ALTER TABLE posts ADD COLUMN quotes_count INTEGER NOT NULL DEFAULT 0;
UPDATE posts SET quote_policy = 'public' WHERE local = 1 AND audience IN ('public', 'unlisted');
UPDATE posts SET quotes_count = (SELECT COUNT(*) FROM quotes AS k WHERE k.uri = posts.uri AND k.state = 'accepted')
 WHERE uri IN (SELECT uri FROM quotes WHERE state = 'accepted');

-- What a person's posts say of that unless the post says otherwise.
ALTER TABLE accounts ADD COLUMN quote_policy TEXT NOT NULL DEFAULT 'public';

-- The id of our QuoteRequest, by which the answer finds the quote; and when an authorization of ours was taken back.
ALTER TABLE quotes ADD COLUMN asked TEXT;
CREATE INDEX quotes_by_request ON quotes (asked) WHERE asked IS NOT NULL;
ALTER TABLE quote_stamps ADD COLUMN revoked_at TEXT;
