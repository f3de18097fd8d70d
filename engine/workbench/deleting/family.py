"""Every kind of thing that can be deleted, by its name."""

from collections.abc import Mapping
from typing import Final

from engine.workbench.deleting.captures import Captures
from engine.workbench.deleting.datasets import Datasets
from engine.workbench.deleting.member import Member
from engine.workbench.deleting.models import Models
from engine.workbench.deleting.pipelines import Pipelines
from engine.workbench.deleting.reports import Reports
from engine.workbench.deleting.runs import Runs
from engine.workbench.deleting.services import Services

FAMILY: Final[Mapping[str, type[Member]]] = {
    member.kind: member for member in (Datasets, Runs, Models, Services, Reports, Pipelines, Captures)
}
