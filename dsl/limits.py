"""How much of everything a rule set may hold; each limit has a diagnostic, none is ever Python's own."""

FILE_LENGTH = 5_000_000  # characters
FILE_STATEMENTS = 20_000
FILE_BROKEN = 500  # statements that cannot be read, after which nothing of a file is looked at any more
STATEMENT_LENGTH = 500_000  # characters
STATEMENT_TOKENS = 50_000
STATEMENTS_A_PIECE = 500  # that follow each other without starting in column 1
CACHE_LENGTH = 4_000_000  # characters of statements that are remembered
DEPTH = 100  # expressions inside each other
NUMBER_DIGITS = 39  # with the point
SHARE_DIGITS = 12  # with the point
TEXT_LENGTH = 10_000  # characters, quotes included
NAME_LENGTH = 100
YEARS = range(1600, 9001)
DURATION_DAYS = 365_000
FOREIGN_CHARACTERS = 20  # that are reported for one statement
