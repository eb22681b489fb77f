from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sipario_events import ENTITIES, Cause, EntityChanged, RepositoryChanged
from sipario_ledger import Freed, Ledger, Refusal
from sqlalchemy import text

PETSTORE = "component:default/petstore"


def said(ref: str = PETSTORE, title: str = "one", **more: Any) -> EntityChanged:
    return EntityChanged(ref=ref, entity={"metadata": {"title": title}}, **more)


def gone(ref: str = PETSTORE) -> EntityChanged:
    return EntityChanged(ref=ref, gone=True)


async def test_versions_grow_by_one_for_each_identity(ledger: Ledger) -> None:
    first = await ledger.record([said(), said("api:default/pets")])
    second = await ledger.record([said(title="two")])
    assert [(entry.identity, entry.version) for entry in first.entries] == [
        (PETSTORE, 1),
        ("api:default/pets", 1),
    ]
    assert [(entry.seq, entry.version) for entry in second.entries] == [(3, 2)]


async def test_the_body_carries_the_version_it_was_given(ledger: Ledger) -> None:
    await ledger.record([said()])
    [entry] = (await ledger.record([said(title="two")])).entries
    assert EntityChanged.model_validate_json(entry.body) == said(title="two", version=2)
    assert (entry.key, entry.event_id) == (PETSTORE, f"{ENTITIES}/{PETSTORE}@2")


@pytest.mark.parametrize("words", [0, 800, 1_000, 500_000])
async def test_an_event_is_kept_whole_whatever_its_size(ledger: Ledger, words: int) -> None:
    event = said(title=" ".join(map(str, range(words))))
    await ledger.record([event])
    [entry] = await ledger.heads()
    assert EntityChanged.read(entry.body) == event.model_copy(update={"version": 1})


async def test_saying_the_same_twice_is_silent_even_from_another_commit(ledger: Ledger) -> None:
    await ledger.record([said()])
    again = await ledger.record([said(cause=Cause(commit="abc")), said()])
    assert (again.entries, await ledger.top()) == ((), 1)


async def test_the_same_identity_twice_in_one_call_gets_two_versions(ledger: Ledger) -> None:
    recorded = await ledger.record([said(), said(title="two"), said(title="two")])
    assert [entry.version for entry in recorded.entries] == [1, 2]
    assert [entry.version for entry in await ledger.heads()] == [2]


async def test_a_tombstone_has_a_version_and_versions_go_on_after_it(ledger: Ledger) -> None:
    await ledger.record([said()])
    [tombstone] = (await ledger.record([gone()])).entries
    assert (tombstone.version, tombstone.gone) == (2, True)
    [back] = (await ledger.record([said()])).entries
    assert (back.version, back.gone) == (3, False)


async def test_what_is_gone_or_never_was_goes_silently(ledger: Ledger) -> None:
    await ledger.record([said()])
    await ledger.record([gone()])
    assert (await ledger.record([gone(), gone("api:default/never")])).entries == ()
    [head] = await ledger.heads()
    assert head.gone


async def test_topics_count_their_versions_apart(ledger: Ledger) -> None:
    hint = RepositoryChanged(repository=PETSTORE, commit="abc")
    await ledger.record([said(), said(title="two")])
    assert [entry.version for entry in (await ledger.record([hint])).entries] == [1]


async def test_since_gives_what_came_after_in_order_and_in_portions(ledger: Ledger) -> None:
    await ledger.record([said(f"component:default/c{number}") for number in range(7)])
    assert [entry.seq for entry in await ledger.since(2, limit=3)] == [3, 4, 5]
    assert [entry.seq for entry in await ledger.since(5)] == [6, 7]
    assert await ledger.since(7) == []


async def test_heads_leave_out_what_was_superseded_and_can_be_asked_by_topic(ledger: Ledger) -> None:
    await ledger.record([said(), said("api:default/pets"), RepositoryChanged(repository="https://h/o/n")])
    await ledger.record([said(title="two")])
    assert [entry.seq for entry in await ledger.heads()] == [2, 3, 4]
    assert [entry.seq for entry in await ledger.heads(2, 1)] == [3]
    assert [entry.seq for entry in await ledger.heads(topic=ENTITIES)] == [2, 4]


async def test_live_heads_are_found_by_how_their_identities_begin(ledger: Ledger) -> None:
    await ledger.record([said("kind_a:default/x"), said("kind_a:default/y"), said("kindXa:default/z")])
    await ledger.record([said("kind_a:default/x", title="two"), gone("kind_a:default/y")])
    found = await ledger.named(ENTITIES, "kind_a:")
    assert [(entry.identity, entry.version) for entry in found] == [("kind_a:default/x", 2)]
    assert await ledger.named("other", "kind_a:") == []


async def test_head_is_the_newest_version_or_none(ledger: Ledger) -> None:
    await ledger.record([said(), said(title="two")])
    head = await ledger.head(ENTITIES, PETSTORE)
    assert head is not None
    assert head.version == 2
    assert await ledger.head(ENTITIES, "api:default/never") is None


async def test_history_tells_why_newest_first(ledger: Ledger, clock: Callable[[], datetime]) -> None:
    when = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    cause = Cause(
        repository="https://h/o/n", commit="abc", author="Ada", committed_at=when, actor="user:default/ada"
    )
    await ledger.record([said(cause=cause)])
    await ledger.record([gone()])
    newest, oldest = await ledger.history(ENTITIES, PETSTORE)
    assert (newest.gone, newest.cause) == (True, Cause())
    assert (oldest.cause, oldest.at) == (cause, clock())
    assert [entry.version for entry in await ledger.history(ENTITIES, PETSTORE, limit=1)] == [2]


async def test_a_second_origin_is_refused_and_remembered(ledger: Ledger) -> None:
    await ledger.record([said()], "first")
    refused = await ledger.record([said(title="mine"), said("api:default/pets")], "second")
    assert refused.refused == (Refusal(ENTITIES, PETSTORE, holder="first", claimant="second"),)
    assert [entry.identity for entry in refused.entries] == ["api:default/pets"]
    assert await ledger.waiting(PETSTORE) == ["second"]
    assert await ledger.claims("second") == [PETSTORE]
    assert [entry.identity for entry in await ledger.of_origin("first")] == [PETSTORE]


async def test_when_the_holder_lets_go_the_first_claimant_is_told_and_takes_over(
    ledger: Ledger, clock: Any
) -> None:
    await ledger.record([said()], "first")
    for claimant in ("zealous", "avid"):
        await ledger.record([said(title=claimant)], claimant)
        clock.advance(timedelta(seconds=1))
    assert await ledger.freed() == []
    let_go = await ledger.record([gone()], "first")
    assert let_go.freed == (Freed(ENTITIES, PETSTORE, claimant="zealous"),)
    assert tuple(await ledger.freed()) == let_go.freed
    taken = await ledger.record([said(title="zealous")], "zealous")
    assert [entry.version for entry in taken.entries] == [3]
    assert await ledger.waiting(PETSTORE) == ["avid"]
    assert await ledger.freed() == []


async def test_an_origin_cannot_remove_what_another_holds_but_withdraws_its_claim(ledger: Ledger) -> None:
    await ledger.record([said()], "first")
    await ledger.record([said(title="mine")], "second")
    removed = await ledger.record([gone()], "second")
    assert (removed.entries, removed.refused) == ((), ())
    assert await ledger.waiting(PETSTORE) == []
    assert [entry.gone for entry in await ledger.heads()] == [False]


async def test_a_claimant_that_changed_its_mind_after_the_release_is_forgotten(ledger: Ledger) -> None:
    await ledger.record([said()], "first")
    await ledger.record([said(title="mine")], "second")
    await ledger.record([gone()], "first")
    assert (await ledger.record([gone()], "second")).entries == ()
    assert await ledger.freed() == []


async def test_what_nobody_holds_is_taken_without_a_new_version(ledger: Ledger) -> None:
    await ledger.record([said()])
    assert (await ledger.record([said()], "first")).entries == ()
    assert len(await ledger.of_origin("first")) == 1
    assert len((await ledger.record([said(title="mine")], "second")).refused) == 1


async def test_an_origin_that_gave_all_up_holds_nothing(ledger: Ledger) -> None:
    await ledger.record([said()], "first")
    await ledger.record([gone()], "first")
    assert await ledger.of_origin("first") == []


async def test_a_delivery_is_new_once_and_again_after_a_week(ledger: Ledger, clock: Any) -> None:
    assert [await ledger.seen("d1"), await ledger.seen("d1"), await ledger.seen("d2")] == [False, True, False]
    clock.advance(timedelta(days=6, hours=23))
    assert await ledger.seen("d1")
    clock.advance(timedelta(hours=2))
    assert not await ledger.seen("d1")
    count = text("SELECT count(*) FROM ledger_delivery")
    assert await ledger.read(lambda connection: connection.execute(count).scalar()) == 1


async def test_a_delivery_and_what_it_says_are_remembered_together(ledger: Ledger) -> None:
    assert len((await ledger.record([said()], delivery="d1")).entries) == 1
    again = await ledger.record([said(title="two")], delivery="d1")
    assert (again.repeated, again.entries) == (True, ())


async def test_a_delivery_whose_recording_failed_counts_as_new(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError):
        await ledger.record([said()], delivery="d1", alongside=lambda _: 1 / 0)
    assert (await ledger.top(), await ledger.seen("d1")) == (0, False)


async def test_versions_continue_after_what_projections_have_seen(ledger: Ledger) -> None:
    await ledger.record([said()])
    await ledger.continue_after(41)
    await ledger.continue_after(7)
    recorded = await ledger.record([said(title="two"), said("api:default/new")])
    assert [entry.version for entry in recorded.entries] == [42, 42]
    assert [entry.version for entry in (await ledger.record([said(title="three")])).entries] == [43]


async def test_an_identity_may_hold_any_text(ledger: Ledger) -> None:
    odd = "component:default/'\";--\\ %s :name ü 漢"
    [entry] = (await ledger.record([said(odd, title="%(x)s ü")], "origin'")).entries
    assert (await ledger.head(ENTITIES, odd)) == entry
    assert (await ledger.of_origin("origin'")) == [entry]
    assert (await ledger.record([])).entries == ()


async def test_a_batch_larger_than_a_query_may_name_is_one_transaction(ledger: Ledger) -> None:
    events = [said(f"component:default/c{number}") for number in range(1_700)]
    assert len((await ledger.record(events, "many")).entries) == 1_700
    assert (await ledger.record(events, "many")).entries == ()
    assert len((await ledger.record([said(e.ref, "two") for e in events], "other")).refused) == 1_700


async def test_what_comes_back_without_an_origin_is_held_by_nobody(ledger: Ledger) -> None:
    await ledger.record([said()], "first")
    await ledger.record([gone()], "first")
    await ledger.record([said()])
    assert await ledger.of_origin("first") == []
    assert (await ledger.record([said(title="mine")], "second")).refused == ()


async def test_a_push_is_not_superseded_by_one_to_another_branch_or_a_pull_request(ledger: Ledger) -> None:
    """In a new life of the broker only heads are told again: a push among them must not be missing."""
    home = "https://h/o/n"
    pushes = [RepositoryChanged(repository=home, branch=branch, commit=branch) for branch in ("main", "x")]
    request = RepositoryChanged(repository=home, change="pull_request", branch="x", commit="x")
    await ledger.record([*pushes, request])
    heads = await ledger.heads(topic=request.topic)
    assert [head.identity for head in heads] == [
        f"{home}#pushed#main",
        f"{home}#pushed#x",
        f"{home}#pull_request#x",
    ]
    assert {head.key for head in heads} == {home}
