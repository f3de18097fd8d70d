"""The tree of commands and the entry point."""

from app.cli import (
    backing,
    cleaning,
    conformance,
    data,
    deleting,
    demo,
    devices,
    environments,
    house,
    models,
    monitor,
    operators,
    pipelines,
    runs,
    services,
    simulate,
    up,
)
from app.cli.commands import new_group, root_options

app = new_group("Tandem: take data to a model, the model to a service, and keep the service true.")
root_options(app)

up.register(app)
demo.register(app)
app.add_typer(data.group, name="data")
app.add_typer(operators.group, name="operators")
pipelines.register(app)
app.add_typer(runs.group, name="runs")
app.add_typer(models.group, name="models")
app.add_typer(environments.group, name="environments")
app.add_typer(devices.group, name="devices")
services.register(app)
app.add_typer(services.group, name="services")
monitor.register(app)
simulate.register(app)
conformance.register(app)
house.register(app)
deleting.register(app)
cleaning.register(app)
backing.register(app)


def main() -> None:
    """Run the command that was asked for; the process ends with its status."""
    app(prog_name="tandem")
