"""The decision log.

rows        a record as a row: facts by manifest, the outcome, private values masked
buffered    the log: takes records, writes them down in a thread, hands rows to a sink in another
bounded     the queues between them
spill       files for rows that found no room
parquet     a sink: files in a directory; `segments` are those that are still written
otlp        a sink: a collector of OpenTelemetry
archive     reads such a directory: asks, erases, gives records to be decided again
"""
