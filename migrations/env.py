"""Alembic's entry: runs the steps on the connection that `bot.store.migrate` opened."""

from alembic import context

from bot.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="bot.store.tables.",
)
with context.begin_transaction():
    context.run_migrations()
