from sipario_kit.attention import NoticeBoard


def test_a_notice_board_wakes_who_listens_to_the_topic_and_nobody_else() -> None:
    board, woken = NoticeBoard(), []
    board.listen("one", lambda: woken.append("one"))
    board.listen("two", lambda: woken.append("two"))
    board.tell("life", {"one/0": 3})
    assert (woken, board.end("one/0"), board.end("two/0")) == (["one"], 3, 0)


def test_ends_never_go_back_within_a_life_and_are_forgotten_with_it() -> None:
    board = NoticeBoard()
    board.tell("life", {"one/0": 3})
    board.tell("life", {"one/0": 2})
    assert board.end("one/0") == 3
    board.tell("next life", {"one/1": 1})
    assert (board.end("one/0"), board.end("one/1")) == (0, 1)
