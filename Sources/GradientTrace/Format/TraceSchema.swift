/// The tables and views of a trace file, as Documentation/trace.md describes them.
enum TraceSchema {
  /// `application_id`: the letters GrTr.
  static let applicationID: Int32 = 0x4772_5472
  /// `user_version`; it rises only when an older reader would misread the file.
  static let version: Int32 = 1
  /// The steps of a block: `series` holds one row a block and statistic.
  static let blockSteps: Int64 = 64
  /// The distance of two blocks in the ids of rows that belong to one.
  static let blockStride: Int64 = 1 << 32

  static let tables = """
    CREATE TABLE run (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE setting (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL);
    CREATE TABLE layer (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, inputs TEXT NOT NULL,
      units INTEGER);
    CREATE TABLE parameter (
      layer INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, shape TEXT NOT NULL,
      initial_rms REAL, frozen INTEGER NOT NULL, PRIMARY KEY (layer, place)) WITHOUT ROWID;
    CREATE TABLE step (
      id INTEGER PRIMARY KEY, step INTEGER NOT NULL, epoch INTEGER, loss REAL,
      validation_loss REAL, learning_rate REAL, clip_factor REAL, examples INTEGER,
      loss_divisor REAL, optimizer TEXT);
    CREATE TABLE statistic (
      id INTEGER PRIMARY KEY, layer INTEGER, tensor TEXT NOT NULL, place INTEGER,
      name TEXT NOT NULL, type TEXT NOT NULL);
    CREATE TABLE series (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE list (
      id INTEGER PRIMARY KEY, step INTEGER NOT NULL, statistic INTEGER NOT NULL,
      data BLOB NOT NULL);
    CREATE TABLE unit_window (
      id INTEGER PRIMARY KEY, step INTEGER NOT NULL, layer INTEGER NOT NULL,
      steps INTEGER NOT NULL, chance_silent REAL, active BLOB NOT NULL, last_active BLOB,
      delta_means BLOB);
    CREATE TABLE merged (
      id INTEGER PRIMARY KEY, first_step INTEGER NOT NULL, last_step INTEGER NOT NULL);
    CREATE TABLE merged_series (
      id INTEGER PRIMARY KEY, mean BLOB NOT NULL, minimum BLOB NOT NULL, maximum BLOB NOT NULL);
    CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE timing (name TEXT PRIMARY KEY, seconds REAL NOT NULL) WITHOUT ROWID;
    """

  /// The long form of every scalar, decoded by SQL alone, and the main ones with a row a layer and step.
  ///
  /// One view with a column `layer` rather than a view per layer: a layer's name need not be fit for a view's, a
  /// network of 200 layers would fill any tool's list, and depth is a comparison of layers.
  static let views = """
    CREATE VIEW measurement AS
    SELECT step, layer, tensor, place, statistic,
      CASE
        WHEN missing THEN NULL
        WHEN type = 'uint32' THEN low
        WHEN exponent = top THEN CASE WHEN fraction = 0 THEN sign * 9e999 ELSE NULL END
        WHEN power >= 0 THEN sign * fraction * \(twoToThe("power"))
        ELSE sign * fraction / \(twoToThe("-power"))
      END AS value
    FROM (
      SELECT step, layer, tensor, place, statistic, type, low, missing, exponent, top, sign,
        CASE
          WHEN exponent = top THEN significand
          WHEN exponent = 0 THEN significand / scale
          ELSE 1 + significand / scale END AS fraction,
        max(exponent, 1) - top / 2 AS power
      FROM (
        SELECT step, layer, tensor, place, statistic, type, low,
          low = 4294967295 AND (type <> 'float64' OR high = 4294967295) AS missing,
          CASE WHEN type = 'float64' THEN high >> 20 & 2047 ELSE low >> 23 & 255 END AS exponent,
          CASE WHEN type = 'float64' THEN 2047 ELSE 255 END AS top,
          CASE WHEN (CASE WHEN type = 'float64' THEN high ELSE low END) >> 31 THEN -1 ELSE 1 END
            AS sign,
          CASE WHEN type = 'float64' THEN (high & 1048575) << 32 | low ELSE low & 8388607 END
            AS significand,
          CASE WHEN type = 'float64' THEN 4503599627370496.0 ELSE 8388608.0 END AS scale
        FROM (
          SELECT step, layer, tensor, place, statistic, type,
            \(littleEndian("digits", from: 1)) AS low,
            \(littleEndian("digits", from: 9)) AS high
          FROM (
            SELECT step.step, layer.name AS layer, coalesce(parameter.name, statistic.tensor)
                AS tensor,
              statistic.place, statistic.name AS statistic, statistic.type,
              hex(substr(series.data,
                CASE WHEN length(series.data) = size.bytes THEN 1
                  ELSE 1 + size.bytes * (step.id % \(blockSteps)) END, size.bytes)) AS digits
            FROM step
            CROSS JOIN statistic
            JOIN (
              SELECT 'float32' AS type, 4 AS bytes UNION ALL SELECT 'uint32', 4
              UNION ALL SELECT 'float64', 8) AS size ON size.type = statistic.type
            JOIN series
              ON series.id = step.id / \(blockSteps) * \(blockStride) + statistic.id
            JOIN layer ON layer.id = statistic.layer
            LEFT JOIN parameter
              ON parameter.layer = statistic.layer AND parameter.place = statistic.place))));

    CREATE VIEW layer_step AS
    SELECT step, layer,
      \(pivot("activation", "mean")) AS activation_mean,
      \(pivot("activation", "rms")) AS activation_rms,
      \(pivot("delta", "rms")) AS delta_rms,
      \(pivot("delta", "max")) AS delta_max,
      \(pivot("delta", "nonFinite")) AS delta_non_finite,
      \(pivotWeight("gradientRms")) AS gradient_rms,
      \(pivotWeight("rms")) AS weight_rms,
      \(pivotWeight("updateRms")) AS update_rms,
      \(pivotWeight("updateRms")) / nullif(\(pivotWeight("rms")), 0) AS update_ratio
    FROM measurement
    WHERE statistic IN
      ('mean', 'rms', 'max', 'nonFinite', 'gradientRms', 'updateRms')
    GROUP BY step, layer;
    """

  /// The unsigned 32-bit number of 8 hexadecimal digits of `text`, the lowest byte first.
  private static func littleEndian(_ text: String, from start: Int) -> String {
    (0..<8).map { digit in
      let shift = digit / 2 * 8 + (digit % 2 == 0 ? 4 : 0)
      return "(instr('123456789ABCDEF', substr(\(text), \(start + digit), 1)) << \(shift))"
    }.joined(separator: " + ")
  }

  /// 2 to the power of an expression between 0 and 1023, without SQLite's optional `pow`.
  private static func twoToThe(_ power: String) -> String {
    let factors = (0..<10).map { bit in
      let factor = Double(sign: .plus, exponent: 1 << bit, significand: 1)
      return "CASE WHEN \(power) & \(1 << bit) THEN \(factor) ELSE 1.0 END"
    }
    return "(\(factors.map { "(\($0))" }.joined(separator: " * ")))"
  }

  private static func pivot(_ tensor: String, _ statistic: String) -> String {
    """
    max(CASE WHEN tensor = '\(tensor)' AND place IS NULL AND statistic = '\(statistic)'
        THEN value END)
    """
  }

  /// A statistic of the layer's first parameter.
  private static func pivotWeight(_ statistic: String) -> String {
    "max(CASE WHEN place = 0 AND statistic = '\(statistic)' THEN value END)"
  }
}
