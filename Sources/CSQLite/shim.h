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
