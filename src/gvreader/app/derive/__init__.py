"""Articles out of WARC files of any size and number: a set of files, one shard for each input, manifest last.

Contract and layout: docs/scale.md. `derive_shard` is the whole of the work on one input; who calls it (processes here,
Dask, an array job, Spark) is somebody else's business.
"""

from gvreader.app.derive.shard import Derived, ShardTask, derive_shard

__all__ = ["Derived", "ShardTask", "derive_shard"]
