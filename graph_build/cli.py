"""The command `communique`. It alone prints, exits and reads the environment."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from graph_build.commands import COMMANDS
from graph_build.errors import CommuniqueError

BUG = 3
"""Exit code of a mistake of our own."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells give it (128 + SIGINT)."""


class Lazy(click.Group):
    """A group that imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names of the table."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, its module imported now; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with the help of the table, none of them imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"communique {version('communique')}")
        ctx.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    """Read the papers that meetings leave behind and ask the graph of what they say.

    Every answer opens onto the sentence that says it. Start with: communique build FOLDER
    """


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 something was left out, 2 unusable input or usage, 3 our bug."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except CommuniqueError as error:
        click.echo(f"communique: {error}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("communique: interrupted; a graph that was published before is still in use", err=True)
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader of a pipe went away (`| head`), which click turns into an exit: nothing is wrong, and nobody is
        # left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except Exception as error:
        if os.environ.get("COMMUNIQUE_TRACEBACK"):
            raise
        click.echo(
            f"communique: this is a mistake in communique itself: {type(error).__name__}: {error}\n"
            "Run again with COMMUNIQUE_TRACEBACK=1 and report what it shows.",
            err=True,
        )
        code = BUG
    sys.exit(code if isinstance(code, int) else 0)
