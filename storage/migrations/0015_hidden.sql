-- Nodes that left the list, by the time since which they are hidden.
CREATE INDEX peers_hidden ON peers (hidden_at) WHERE standing = 'hidden';
