"""Why a rule answered as it did, and what would have to be otherwise. The pages for people are in docs/explain.md.

asked         parts of a rule set asked on their own, from wherever they stand
node          an explanation as plain data: the tree, its margins, its gaps
conditions    expression + facts -> node; takings (events), gaps (why missing) and margins (by how much) serve it
decisions     decide + facts -> story: plans, the gate at which each fell, why; sentences puts reasons into words
change/       the smallest change that would make a plan win, searched
drawing/      definitions as decision trees, in Mermaid and SVG
human, human_story, as_json, as_json_story    explanations as text and as JSON
"""
