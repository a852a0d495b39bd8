"""Invented data in realistic proportions, for trying the register out with many rows and for measuring it.

Everything follows from a seed: the same seed, number and last day give the same rows, ids included.
"""
