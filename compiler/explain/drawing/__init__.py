"""Definitions drawn as decision trees.

graph         what a drawing is made of: nodes, edges, gates
conditions    a condition -> the questions that lead to its answer
definitions   a crowd, score, plan or decide -> a graph
layout        a graph -> places, in pixels
svg, mermaid  a graph -> text
"""
