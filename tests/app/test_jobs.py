"""Long questions: shared, in line, cancelled, and never lost whatever is killed."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import sqlite3
import time

import pytest

from docketflow.app.jobs import kinds
from docketflow.app.jobs.kinds import Written
from docketflow.app.jobs.ledger import CANCELLED, DEATHS, DONE, FAILED, FILE, RUNNING, WAITING, Full, Ledger
from docketflow.app.jobs.worker import ANSWER, Worker, answer
from docketflow.core.errors import UsageError

ASKED = {"members": 3}
fork = multiprocessing.get_context("fork")


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "jobs", lease=0.4)


@pytest.fixture
def steps(monkeypatch):
    """A kind that goes on, one step after the other, from those that are written down."""

    def work(asked, folder, tell):
        for k in range(asked["members"]):
            mark = folder / f"{k}"
            if not mark.exists():
                time.sleep(asked.get("seconds", 0.0))
                mark.write_text(str(os.getpid()))
            tell(k + 1, asked["members"])
        return {"steps": asked["members"]}

    monkeypatch.setitem(kinds.KINDS, "steps", work)


def at_work(ledger, owner="1-a"):
    process = fork.Process(target=lambda: Worker(ledger, owner).work(linger=0.3))
    process.start()
    return process


def until(holds, seconds=10.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_that_two_who_ask_the_same_share_one_folder_and_another_question_has_its_own(ledger):
    one, other = ledger.put("steps", ASKED), ledger.put("steps", dict(ASKED))
    assert one == other and ledger.place(one.name).parent == ledger.folder
    third = ledger.put("steps", {"members": 4})
    assert third.name != one.name and third.before == 1


def test_that_a_lease_keeps_others_away_until_it_is_not_renewed(ledger):
    job = ledger.put("steps", ASKED)
    assert ledger.claim("a").name == job.name and ledger.claim("b") is None
    time.sleep(0.25)
    assert ledger.beat(job.name, "a", 1, 3)
    time.sleep(0.25)
    assert ledger.claim("b") is None
    time.sleep(0.25)
    assert ledger.claim("b").name == job.name
    assert not ledger.beat(job.name, "a", 2, 3)
    ledger.end(job.name, "a", DONE)
    assert ledger.get(job.name).state == RUNNING


def test_that_a_killed_worker_loses_nothing_and_the_next_goes_on_from_its_steps(ledger, steps):
    job = ledger.put("steps", {"members": 4, "seconds": 0.15})
    first = at_work(ledger)
    place = ledger.place(job.name)
    until(lambda: (place / "1").exists())
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert ledger.get(job.name).state == RUNNING
    ledger.release("1-a", died=True)
    assert ledger.get(job.name).state == WAITING
    second = at_work(ledger, "2-b")
    until(lambda: ledger.get(job.name).state == DONE)
    second.join()
    assert answer(place) == {"steps": 4}
    who = [(place / f"{k}").read_text() for k in range(4)]
    assert who[:2] == [str(first.pid)] * 2 and who[3] == str(second.pid)


def test_that_what_a_job_has_found_so_far_is_told_while_it_is_open_and_no_longer(ledger):
    job = ledger.put("steps", ASKED)
    assert ledger.claim("a").name == job.name and ledger.get(job.name).so_far == {}
    ledger.beat(job.name, "a", 12, 0, {"value": 8.5, "held": 3, "of": 8})
    found = ledger.get(job.name)
    assert (found.done, found.so_far, found.words) == (12, {"value": 8.5, "held": 3, "of": 8}, "")
    ledger.end(job.name, "a", DONE)
    found = ledger.get(job.name)
    assert (found.done, found.so_far, found.words) == (12, {}, "")


def test_that_a_cancelled_job_ends_at_work_and_goes_on_when_it_is_asked_again(ledger, steps):
    job = ledger.put("steps", {"members": 50, "seconds": 0.05})
    worker = at_work(ledger)
    until(lambda: (ledger.place(job.name) / "1").exists())
    ledger.cancel(job.name)
    worker.join(5)
    assert worker.exitcode == 3 and ledger.get(job.name).state == CANCELLED
    assert ledger.put("steps", job.asked).state == WAITING


def test_that_what_cannot_be_answered_fails_in_one_line(ledger, monkeypatch):
    def fail(asked, folder, tell):
        raise ValueError("no\nnumber")

    monkeypatch.setitem(kinds.KINDS, "steps", fail)
    job = ledger.put("steps", ASKED)
    Worker(ledger, "1-a").work(linger=0.1)
    found = ledger.get(job.name)
    assert found.so_far == {} and found.state == FAILED and found.words == "ValueError: no number"


def test_that_a_job_that_kills_every_worker_is_given_up_but_one_that_goes_forward_is_not(ledger):
    stuck = ledger.put("steps", ASKED)
    for k in range(DEATHS + 2):
        assert ledger.claim(f"{k}").name == stuck.name
        ledger.beat(stuck.name, f"{k}", k + 1, 50)
        ledger.release(f"{k}", died=True)
    assert ledger.get(stuck.name).state == WAITING
    for k in range(DEATHS):
        if ledger.claim(f"x{k}"):
            ledger.release(f"x{k}", died=True)
    assert ledger.get(stuck.name).state == FAILED


def test_that_a_full_line_says_so_and_still_lets_in_what_is_there(ledger, monkeypatch):
    from docketflow.app.jobs import ledger as module

    monkeypatch.setattr(module, "MOST_WAITING", 2)
    for members in (1, 2):
        ledger.put("steps", {"members": members})
    with pytest.raises(Full):
        ledger.put("steps", {"members": 3})
    assert ledger.put("steps", {"members": 1}).state == WAITING


def test_that_a_damaged_answer_is_never_shown_and_is_made_anew(ledger, steps):
    from docketflow.app.jobs.keeper import Keeper

    job = ledger.put("steps", {"members": 2})
    Worker(ledger, "1-a").work(linger=0.05)
    kept = ledger.place(job.name) / ANSWER
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])

    async def asked():
        keeper = Keeper(ledger)
        return await keeper.answer(ledger.get(job.name))

    assert asyncio.run(asked()) is None and ledger.get(job.name).state == WAITING
    Worker(ledger, "2-b").work(linger=0.05)
    assert asyncio.run(asked()) == {"steps": 2} and kept.read_bytes() == whole


def test_that_a_ledger_with_a_flipped_bit_answers_what_was_asked_or_says_so_in_one_line(tmp_path):
    asked = [{"members": members, "of": "beds " * 20} for members in range(3)]
    names = [Ledger(tmp_path / "whole").put("steps", one).name for one in asked]
    with contextlib.closing(sqlite3.connect(tmp_path / "whole" / FILE)) as door:
        door.execute("pragma journal_mode = delete")  # all of it in one file
    whole, luck, seen = (tmp_path / "whole" / FILE).read_bytes(), random.Random(1), 0
    places = [whole.index(b"beds " * 20) + k for k in range(0, 100, 5)]
    for number, place in enumerate([*places, *luck.choices(range(len(whole)), k=40)]):
        (tmp_path / str(number)).mkdir()
        damaged = bytearray(whole)
        damaged[place] ^= 1 << luck.randrange(8)
        (tmp_path / str(number) / FILE).write_bytes(damaged)
        try:
            ledger = Ledger(tmp_path / str(number))
            found = [ledger.get(name) for name in names] + [ledger.claim("1-a")]
        except UsageError as error:
            assert "\n" not in str(error)
            seen += 1
            continue
        assert all(job is None or dict(job.asked) in asked for job in found)
        seen += None in found
    assert seen >= len(places)


def test_that_a_life_whose_line_is_cut_short_or_damaged_is_lived_again(tmp_path):
    lives = Written(tmp_path / "lives.jsonl")
    lives[("a=1",), 0] = {"x": 0.1}
    with (tmp_path / "lives.jsonl").open("a") as file:
        file.write('\n00000000 [["a=2"], 0, {"x": 0.')
    again = Written(tmp_path / "lives.jsonl")
    again[("a=3",), 1] = {"x": 1 / 3}
    assert dict(Written(tmp_path / "lives.jsonl")) == {(("a=1",), 0): {"x": 0.1}, (("a=3",), 1): {"x": 1 / 3}}
    kept = (tmp_path / "lives.jsonl").read_text()
    (tmp_path / "lives.jsonl").write_text(kept.replace('"x": 0.1}', '"x": 0.3}'))
    assert dict(Written(tmp_path / "lives.jsonl")) == {(("a=3",), 1): {"x": 1 / 3}}


def test_that_a_killed_server_takes_its_worker_with_it_and_the_job_waits_for_the_next(ledger):
    from docketflow.app.jobs.keeper import Keeper

    job = ledger.put("sensitivity", {"scenario": "no-such", "sets": [], "count": "removals.ice"})
    told = ledger.folder / "worker"

    def serve():
        async def keep():
            keeper = Keeper(ledger)
            keeper.start()
            while not keeper.processes:
                await asyncio.sleep(0.01)
            told.write_text(str(keeper.processes[0].pid))
            await asyncio.sleep(60)

        asyncio.run(keep())

    server = fork.Process(target=serve)
    server.start()
    until(lambda: told.exists() and told.read_text())
    os.kill(server.pid, signal.SIGKILL)
    server.join()
    worker = int(told.read_text())
    until(lambda: not os.path.exists(f"/proc/{worker}") or _gone(worker))
    assert ledger.get(job.name).open


def _gone(process: int) -> bool:
    with open(f"/proc/{process}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "Z"


def test_that_a_study_is_put_in_line_answered_and_fetched_with_what_must_not_be_told_left_out(client):
    body = {"scenarios": ["fiscal-year-2024"], "members": 2, "scale": "1/1000"}
    first = client.post("/api/v1/studies", json=body)
    assert first.status_code == 202 and first.json() == client.post("/api/v1/studies", json=body).json()
    place = first.headers["location"]
    assert client.get(f"{place}/answer").status_code == 404
    until(lambda: client.get(place).json()["state"] not in (WAITING, RUNNING), 120)
    said = client.get(place).json()
    assert said["state"] == DONE and said["done"] == said["whole"] == 2, said
    answer = client.get(said["answer"])
    assert answer.headers["etag"] and "nationality" not in answer.text
    assert "removals.ice" in answer.json()["scenarios"]["fiscal-year-2024"]["outcomes"]
    assert client.post("/api/v1/studies", json=body).status_code == 200


@pytest.mark.parametrize(
    "call, body",
    [
        ("studies", {"scenarios": ["nothing"]}),
        ("studies", {"scenarios": ["fiscal-year-2024"], "members": 10**6}),
        ("feasible", {"scenario": "one-million-first-year", "goal": 5, "by": "2030-01-01"}),
        ("feasible", {"scenario": "one-million-first-year", "goal": 5, "lag": {"bedz": 1}}),
        ("binding", {"scenario": "one-million-first-year", "count": "removals"}),
    ],
)
def test_that_what_cannot_be_asked_is_never_put_in_line(client, call, body):
    reply = client.post(f"/api/v1/{call}", json=body)
    assert reply.status_code in (404, 422) and "\n" not in reply.json()["detail"]


def test_that_a_page_of_another_site_starts_nothing(client):
    body = {"scenarios": ["fiscal-year-2024"]}
    reply = client.post("/api/v1/studies", json=body, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403


@pytest.fixture(scope="module")
def address():
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(protocol="tcp", silence_logs=50, **options) as local:
        yield local.scheduler_address


def test_that_a_job_on_a_cluster_is_answered_there_and_tells_how_far_it_is(ledger, address, monkeypatch):
    def there(asked, folder, tell):
        tell(3, 8, {"value": 1.5})
        time.sleep(0.2)
        return {"folder": folder.name, "members": asked["members"]}

    told = []
    monkeypatch.setitem(kinds.KINDS, "steps", there)
    worker = Worker(ledger, "1-a", cluster=address)
    heard = worker._tell
    monkeypatch.setattr(worker, "_tell", lambda *given: (told.append(given), heard(*given)))
    job = ledger.put("steps", ASKED)
    worker.work(linger=0.05)
    found = ledger.get(job.name)
    assert found.state == DONE and (3, 8, {"value": 1.5}) in told
    said = answer(ledger.place(job.name))
    assert said["members"] == 3 and said["folder"].startswith("docketflow-job-")


def test_that_a_cluster_that_is_not_there_loses_no_job(ledger, steps, monkeypatch):
    pytest.importorskip("distributed")
    from docketflow.studies import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.2)
    job = ledger.put("steps", ASKED)
    Worker(ledger, "1-a", cluster="tcp://127.0.0.1:9").work(linger=0.05)
    assert ledger.get(job.name).state == WAITING
