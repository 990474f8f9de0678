"""What calls take and give, as models: the source of the OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from docketflow.app.answers.question import LONGEST_SET, MOST_SETS
from docketflow.conductor.simulator import MEMBERS

T = TypeVar("T")
NAME = Field(max_length=100, examples=["one-million-first-year"])
Lever = Annotated[str, Field(min_length=3, max_length=LONGEST_SET, pattern=r"^[^=@]+=.+$")]


class Strict(BaseModel):
    """What is sent: nothing but what is known."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong, as one line (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    field: str = ""
    nearest: str = ""


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int
    offset: int
    limit: int


class Ask(Strict):
    """A scenario with levers moved, as the command line writes them."""

    scenario: str = NAME
    sets: list[Lever] = Field(
        default=[],
        max_length=MOST_SETS,
        examples=[["detention.beds.contract=+38000@2025-06-01+60d"]],
        description=f"Levers moved, PATH=VALUE@DATE, each at most {LONGEST_SET} characters",
    )


class AskRun(Ask):
    """A run."""

    members: int = Field(default=MEMBERS, ge=1, le=MEMBERS)


class AskPair(Strict):
    """Two scenarios on the same members: a less b."""

    a: Ask
    b: Ask
    members: int = Field(default=MEMBERS, ge=1, le=MEMBERS)


class AskClaim(Strict):
    """A sentence to hold against published figures."""

    claim: str = Field(
        min_length=3, max_length=500, examples=["ICE removed 409,849 people in fiscal year 2012"]
    )


class ScenarioRow(BaseModel):
    """A shipped scenario."""

    name: str
    title: str
    summary: str
    start: str
    end: str
    settings: int
    hash: str


class LeverRow(BaseModel):
    """A lever."""

    path: str
    title: str
    unit: str
    kind: str
    low: float | None
    high: float | None
    operations: list[str]
    capacity: bool
    description: str
    moves: str
    sign: str
    because: str
    binds_under: list[str]
    idle_under: list[str] | None
    scenario_only: bool


class OutcomeRow(BaseModel):
    """An outcome."""

    name: str
    label: str
    unit: str
    kind: str
    definition: str
    counting_rule: bool


class JobRow(BaseModel):
    """A long question: how it stands, and where its answer is when it is done."""

    name: str
    kind: str
    state: str
    done: int
    whole: int
    before: int
    words: str
    so_far: dict[str, Any] = Field(description="What was found so far, of one that is open and tells it")
    link: str
    answer: str


class EvidenceRow(BaseModel):
    """A published figure, with its source."""

    id: str
    metric: str
    value: float
    unit: str
    period_start: str
    period_end: str
    definition: str
    confidence: str
    source: str
    url: str
    locator: str


class Answer(BaseModel):
    """An answer: what it is of, and each outcome with its range."""

    about: dict[str, Any]
    outcomes: dict[str, Any]
    failed: dict[int, str] = {}


class Later(BaseModel):
    """How far an answer is that takes long; asked again, it goes on from there."""

    done: int
    of: int
    words: str


class Pair(BaseModel):
    """Two answers run against each other."""

    a: dict[str, Any]
    b: dict[str, Any]
    outcomes: list[dict[str, Any]]


class Anything(BaseModel):
    """Plain data."""

    model_config = ConfigDict(extra="allow")
