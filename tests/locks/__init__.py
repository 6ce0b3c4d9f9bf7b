"""Each row lock, held against somebody who comes while it is held and has already looked.

``python -m tests.sensitivity`` takes the locks out one by one: each has to be missed here by an assertion.
"""
