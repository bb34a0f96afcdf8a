import os

# Before numpy is read. The arithmetic between the networks is many small steps in a row: on two cores that also do
# something else, OpenBLAS's threads wait for each other, and lift and world take eight times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
