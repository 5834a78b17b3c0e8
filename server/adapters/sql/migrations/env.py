"""How Alembic runs the migrations: on the connection, and in the transaction, that it was given."""

from alembic import context

from server.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes no column in place
)
with context.begin_transaction():
    context.run_migrations()
