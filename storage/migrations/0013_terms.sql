-- An entry of the federation list may be looked at again on a day, and may end with one.
ALTER TABLE rules ADD COLUMN review_on TEXT;    -- YYYY-MM-DD
ALTER TABLE rules ADD COLUMN until TEXT;        -- YYYY-MM-DD: the last day, in UTC, on which it counts

CREATE INDEX ended_by_host ON ended (host, id);
