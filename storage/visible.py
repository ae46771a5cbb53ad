"""Who may see a post or an actor: the one rule that every statement with a viewer applies.

    POST_OF = f"SELECT ... FROM posts AS p WHERE p.id = :post_id AND {visible.POST}"
    await read.one(Post, POST_OF, post_id=post_id, **visible.parameters(viewer))

The fragments are over fixed aliases: ``p`` for posts, ``e`` for entries, ``a`` for actors.

Rules
  1. What comes from a host that was taken off the list is hidden from all but the system (decision 16), and
     so are the posts of somebody suspended or deleted; no post row changes for it.
  2. ``public`` and ``unlisted``: everybody. ``followers``: accepted followers of the author and whom it
     names. ``members``: accepted members of its community, named or not (decision 9), until that community's
     node tells us no more who belongs to it; elsewhere, whom that node lists (``memberships.set_members``).
     ``direct``: whom it names. An author sees what is their own.
  3. A person does not see the posts of somebody who blocks them; the actor itself they do, so that they can
     block back or report.
  4. An announce or boost may have narrower readers than the post inside it: the followers of who made it.
  5. A node sees what one of its people may see, but a members-only post goes only to its community's node,
     and from there to nodes with an accepted member. By its id no node gets it, whoever asks.
  6. Who belongs to a members-only community its members know, and nobody else.
  7. A person's profile is read by whom they chose (decision 12): at "fellow members" by those who share a
     community, of another node's person by members of the communities that its document names. What other
     software does not recommend is read by the people of this node, for whom its document was fetched.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from storage.engine import Value
from storage.ids import ActorId

Kind = Literal["person", "node", "stranger", "system"]


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is reading: a person signed in here, another node, a stranger, or this node for itself."""

    kind: Kind
    actor: ActorId = ActorId(0)
    host: str = ""


SYSTEM = Viewer(kind="system")
STRANGER = Viewer(kind="stranger")


def person(actor_id: ActorId) -> Viewer:
    """Give the viewer that a person signed in here is."""
    return Viewer(kind="person", actor=actor_id)


def node(host: str) -> Viewer:
    """Give the viewer that another node is, known by the host of the key that signed."""
    return Viewer(kind="node", host=host)


def parameters(viewer: Viewer) -> dict[str, Value]:
    """Give what the fragments name."""
    return {"viewer_kind": viewer.kind, "viewer_actor": viewer.actor, "viewer_host": viewer.host}


_PERSON_MAY_SEE = """
p.author_id = :viewer_actor OR (
    NOT EXISTS (SELECT 1 FROM blocks AS v_b
                 WHERE v_b.actor_id = p.author_id AND v_b.target_id = :viewer_actor)
    AND CASE p.audience
        WHEN 'public' THEN TRUE
        WHEN 'unlisted' THEN TRUE
        WHEN 'members' THEN (EXISTS (
            SELECT 1 FROM follows AS v_f
             WHERE v_f.follower_id = :viewer_actor AND v_f.target_id = p.community_id
               AND v_f.state = 'accepted')
            OR EXISTS (SELECT 1 FROM actors AS v_x JOIN members AS v_n ON v_n.uri = v_x.uri
                        WHERE v_x.id = :viewer_actor AND v_x.local = 0
                          AND v_n.community_id = p.community_id))
            AND NOT EXISTS (SELECT 1 FROM rosters AS v_r
                             WHERE v_r.community_id = p.community_id AND v_r.refused_at IS NOT NULL)
        ELSE EXISTS (
            SELECT 1 FROM mentions AS v_m WHERE v_m.post_id = p.id AND v_m.actor_id = :viewer_actor
        ) OR p.audience = 'followers' AND EXISTS (
            SELECT 1 FROM follows AS v_f
             WHERE v_f.follower_id = :viewer_actor AND v_f.target_id = p.author_id
               AND v_f.state = 'accepted')
        END)
"""

_NODE_MAY_SEE = """
CASE p.audience
WHEN 'public' THEN TRUE
WHEN 'unlisted' THEN TRUE
WHEN 'members' THEN EXISTS (
    SELECT 1 FROM actors AS v_c
     WHERE v_c.id = p.community_id AND (v_c.host = :viewer_host OR v_c.local = 1 AND EXISTS (
        SELECT 1 FROM follows AS v_f JOIN actors AS v_a ON v_a.id = v_f.follower_id
         WHERE v_f.target_id = v_c.id AND v_f.state = 'accepted' AND v_a.host = :viewer_host
           AND v_a.state = 'active')))
ELSE EXISTS (
    SELECT 1 FROM mentions AS v_m JOIN actors AS v_a ON v_a.id = v_m.actor_id
     WHERE v_m.post_id = p.id AND v_a.host = :viewer_host
) OR p.audience = 'followers' AND EXISTS (
    SELECT 1 FROM follows AS v_f JOIN actors AS v_a ON v_a.id = v_f.follower_id
     WHERE v_f.target_id = p.author_id AND v_f.state = 'accepted' AND v_a.host = :viewer_host)
END
"""

POST = f"""(
:viewer_kind = 'system' OR (
    NOT EXISTS (SELECT 1 FROM peers AS v_h WHERE v_h.host = p.host AND v_h.standing = 'hidden')
    AND NOT EXISTS (SELECT 1 FROM actors AS v_w WHERE v_w.id = p.author_id AND v_w.state <> 'active')
    AND CASE :viewer_kind
        WHEN 'person' THEN ({_PERSON_MAY_SEE})
        WHEN 'node' THEN ({_NODE_MAY_SEE})
        ELSE p.audience IN ('public', 'unlisted')
        END))"""

ACTOR = """(
:viewer_kind = 'system'
OR NOT EXISTS (SELECT 1 FROM peers AS v_h WHERE v_h.host = a.host AND v_h.standing = 'hidden'))"""

PROFILE = """(
:viewer_kind = 'system' OR a.type IN ('Group', 'Application') OR a.id = :viewer_actor OR a.findable = 'public'
OR :viewer_kind = 'person' AND CASE a.findable
    WHEN 'nodes' THEN TRUE
    WHEN 'hidden' THEN a.local = 0
    WHEN 'council' THEN a.local = 1
    ELSE CASE a.local
        WHEN 1 THEN EXISTS (
            SELECT 1 FROM follows AS v_g JOIN actors AS v_c ON v_c.id = v_g.target_id AND v_c.type = 'Group'
              JOIN follows AS v_f ON v_f.follower_id = :viewer_actor AND v_f.target_id = v_g.target_id
               AND v_f.state = 'accepted'
             WHERE v_g.follower_id = a.id AND v_g.state = 'accepted')
        ELSE EXISTS (
            SELECT 1 FROM profile_readers AS v_p JOIN actors AS v_c ON v_c.uri = v_p.community_uri
              JOIN follows AS v_f ON v_f.follower_id = :viewer_actor AND v_f.target_id = v_c.id
               AND v_f.state = 'accepted'
             WHERE v_p.actor_id = a.id)
        END
    END)"""


def with_profile(columns: Iterable[str]) -> str:
    """Give columns of ``a`` as a statement selects them; ``a.whole``: whether the profile may be read."""
    return ", ".join(f"CASE WHEN {PROFILE} THEN 1 ELSE 0 END" if one == "a.whole" else one for one in columns)


ENTRY = """(
:viewer_kind = 'system' OR e.kind = 'post' OR e.audience IN ('public', 'unlisted')
OR e.by_actor = :viewer_actor
OR EXISTS (SELECT 1 FROM follows AS v_f
            WHERE v_f.follower_id = :viewer_actor AND v_f.target_id = e.by_actor
              AND v_f.state = 'accepted'))"""

# Over ``f``, a follow that somebody reads of: of a members-only community only its members and who it is by.
MEMBERSHIP = """(
:viewer_kind = 'system' OR f.follower_id = :viewer_actor
OR NOT EXISTS (SELECT 1 FROM actors AS v_g
                WHERE v_g.id = f.target_id AND v_g.type = 'Group' AND v_g.approves = 1)
OR EXISTS (SELECT 1 FROM follows AS v_m
            WHERE v_m.follower_id = :viewer_actor AND v_m.target_id = f.target_id
              AND v_m.state = 'accepted'))"""
