"""``fedcop``: the command line. Each group of commands has a file of its own beside this one.

Exit status: 0 done, 1 refused or failed with one line on standard error, 2 wrong usage.
"""

import importlib
from pathlib import Path

import click

import fedcop
from fedcop import log
from fedcop.server import (
    cli_allowlist,
    cli_audit,
    cli_backup,
    cli_community,
    cli_doctor,
    cli_init,
    cli_knocks,
    cli_list,
    cli_migrate,
    cli_move,
    cli_people,
    cli_retention,
    cli_search,
    cli_services,
    cli_worker,
)
from fedcop.server.command import Group, load, with_config


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(fedcop.__version__, prog_name="fedcop")
def main() -> None:
    """Run and look after one fedcop node."""


@main.command()
@with_config
@click.option("--host", help="Address to listen on, instead of server.host.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of server.port.")
@click.option("--no-workers", is_flag=True, help="Serve only; queues are worked on elsewhere.")
def serve(config_path: Path, host: str | None, port: int | None, no_workers: bool) -> None:  # noqa: FBT001 - click
    """Serve the node: web and workers in one process."""
    config = load(config_path)
    log.set_up(config.log)
    # By name, since every other command would wait for the web stack, which doubles the time to start.
    importlib.import_module("fedcop.server.serve").serve(
        config,
        host=host or config.server.host,
        port=port or config.server.port,
        workers=not no_workers,
    )


for commands in (
    cli_init,
    cli_migrate,
    cli_move,
    cli_people,
    cli_retention,
    cli_community,
    cli_list,
    cli_allowlist,
    cli_knocks,
    cli_audit,
    cli_doctor,
    cli_backup,
    cli_search,
    cli_services,
    cli_worker,
):
    for command in commands.COMMANDS:
        main.add_command(command)
