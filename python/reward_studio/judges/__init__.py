"""What a generative judge is asked, how its verdict is read and what it earns: the data of src/core/methods/judges."""
