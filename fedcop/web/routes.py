"""The table of pages."""

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from fedcop.node import Node
from fedcop.web import colours, files
from fedcop.web.admin import communities as admin_communities
from fedcop.web.admin import (
    decisions,
    entries,
    knocks,
    list_import,
    nodes,
    overview,
    queue,
    register,
    reports,
    retention,
)
from fedcop.web.admin import people as admin_people
from fedcop.web.facilitator import asks as facilitator_asks
from fedcop.web.public import community, home, know_how, know_how_list, know_how_person, person, thread
from fedcop.web.sign_in import consent, form, invitation
from fedcop.web.staff import (
    archive,
    ask,
    ask_answers,
    availability,
    communities,
    hello,
    know_how_edit,
    my_account,
    my_data,
    people,
    profile,
    profile_services,
    search,
    sessions,
)
from fedcop.web.staff import know_how as know_how_drafts


def routes(node: Node) -> list[BaseRoute]:
    """Give every page of a node, its pictures and its stylesheet."""
    return [
        *home.ROUTES,
        *communities.ROUTES,
        *community.ROUTES,
        *thread.ROUTES,
        *know_how_drafts.ROUTES,
        *know_how_person.ROUTES,
        *know_how_edit.ROUTES,
        *know_how.ROUTES,
        *know_how_list.ROUTES,
        *people.ROUTES,
        *hello.ROUTES,
        *person.ROUTES,
        *search.ROUTES,
        *ask.ROUTES,
        *ask_answers.ROUTES,
        *form.ROUTES,
        *invitation.ROUTES,
        *consent.ROUTES,
        *sessions.ROUTES,
        *my_account.ROUTES,
        *profile.ROUTES,
        *profile_services.ROUTES,
        *my_data.ROUTES,
        *archive.ROUTES,
        *availability.ROUTES,
        *facilitator_asks.ROUTES,
        *overview.ROUTES,
        *entries.ROUTES,
        *list_import.ROUTES,
        *register.ROUTES,
        *knocks.ROUTES,
        *nodes.ROUTES,
        *admin_people.ROUTES,
        *admin_communities.ROUTES,
        *reports.ROUTES,
        *retention.ROUTES,
        *queue.ROUTES,
        *decisions.ROUTES,
        *colours.ROUTES,
        *files.ROUTES,
        Mount("/static", StaticFiles(packages=[("fedcop.web", "static")]), name="static"),
    ]
