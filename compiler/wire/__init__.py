"""Values of the language as JSON, read and written. Their forms are in docs/language/facts.md.

json_text    bytes -> JSON values, within limits
values       JSON value -> typed value, one reader for each type
amounts      the texts of money
time_text    the texts of instants, dates and durations
writing      typed value -> JSON value
errors       what is wrong, and where
"""
