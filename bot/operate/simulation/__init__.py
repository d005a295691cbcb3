"""Synthetic learners over many days, to measure the choice of doses instead of believing in it.

people.py    who learns: declared profiles, drawn by a seed
bots.py      who chooses: the chooser, and two baselines
life.py      one learner's days with one of them: a log of turns
referee.py   reads a log and counts broken rules, without any of the chooser's code
measures.py  what the logs of many say, side by side
chart.py     the same as a picture
"""
