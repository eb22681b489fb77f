"""The database fixture: empty every time, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_is_empty_and_takes_a_table(database: str, turn: int) -> None:
    engine = create_engine(database)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE turns (number INTEGER)"))
        connection.execute(text("INSERT INTO turns VALUES (:turn)"), {"turn": turn})
        assert connection.execute(text("SELECT number FROM turns")).scalar_one() == turn
    engine.dispose()
