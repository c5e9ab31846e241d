#pragma once
#include <sqlite3.h>

// `sqlite3_db_config` is variadic, which Swift cannot call.

/// Makes a connection safe for a file from a stranger: no SQL that could harm the file, no schema that is trusted,
/// and no value longer than `longest` bytes.
static inline void gh_harden(void *connection, int longest) {
  sqlite3 *database = (sqlite3 *)connection;
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)0);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, longest);
}

/// Counts down the work that a statement may still do, and interrupts it when none is left.
static inline int gh_count_down(void *left) {
  long long *remaining = (long long *)left;
  return (*remaining)-- <= 0;
}

/// Limits the work on a connection to `*left` thousand instructions of SQLite's machine.
static inline void gh_limit_work(void *connection, long long *left) {
  sqlite3_progress_handler((sqlite3 *)connection, 1000, gh_count_down, left);
}

// Values are bound where they lie, without a copy: they must stay there until the statement has run.

static inline void gh_bind_integer(void *statement, int place, long long value) {
  sqlite3_bind_int64((sqlite3_stmt *)statement, place, value);
}

/// Binds a number; SQLite knows no NaN, which is stored as the text `NaN`.
static inline void gh_bind_real(void *statement, int place, double value) {
  if (value == value)
    sqlite3_bind_double((sqlite3_stmt *)statement, place, value);
  else
    sqlite3_bind_text((sqlite3_stmt *)statement, place, "NaN", 3, SQLITE_STATIC);
}

static inline void gh_bind_text(void *statement, int place, const char *text) {
  sqlite3_bind_text((sqlite3_stmt *)statement, place, text, -1, SQLITE_TRANSIENT);
}

static inline void gh_bind_bytes(void *statement, int place, const void *bytes, int count) {
  if (count > 0)
    sqlite3_bind_blob((sqlite3_stmt *)statement, place, bytes, count, SQLITE_STATIC);
  else
    sqlite3_bind_zeroblob((sqlite3_stmt *)statement, place, 0);
}

static inline void gh_bind_null(void *statement, int place) {
  sqlite3_bind_null((sqlite3_stmt *)statement, place);
}

/// Runs a statement that gives no rows, so that it can be bound and run again; `SQLITE_OK` where it succeeded.
static inline int gh_run(void *statement) {
  int code = sqlite3_step((sqlite3_stmt *)statement);
  int result = sqlite3_reset((sqlite3_stmt *)statement);
  return code == SQLITE_DONE ? SQLITE_OK : result;
}

// Rows are read where they lie as well: what these give is good until the next row is taken.

/// Binds a range of ids as the first two values, from which a statement starts anew.
static inline void gh_select(void *statement, long long first, long long end) {
  sqlite3_reset((sqlite3_stmt *)statement);
  sqlite3_bind_int64((sqlite3_stmt *)statement, 1, first);
  sqlite3_bind_int64((sqlite3_stmt *)statement, 2, end);
}

/// Takes the next row: `SQLITE_ROW`, `SQLITE_DONE` where there is none, or an error's code.
static inline int gh_next(void *statement) { return sqlite3_step((sqlite3_stmt *)statement); }

static inline void gh_reset(void *statement) { sqlite3_reset((sqlite3_stmt *)statement); }

static inline int gh_type(void *statement, int column) {
  return sqlite3_column_type((sqlite3_stmt *)statement, column);
}

static inline long long gh_integer(void *statement, int column) {
  return sqlite3_column_int64((sqlite3_stmt *)statement, column);
}

static inline double gh_real(void *statement, int column) {
  return sqlite3_column_double((sqlite3_stmt *)statement, column);
}

/// The bytes of a BLOB or a text; null where there are none.
static inline const void *gh_bytes(void *statement, int column, int *count) {
  const void *bytes = sqlite3_column_blob((sqlite3_stmt *)statement, column);
  *count = sqlite3_column_bytes((sqlite3_stmt *)statement, column);
  return bytes;
}
