"""Writers of training files: JSON Lines with the standard library, Parquet and Arrow with pyarrow."""
