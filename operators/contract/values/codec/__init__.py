"""Models as bytes: a zip whose names and formats are ours, so that files may move and libraries be told apart.

```
model.json   format, task, target, features, classes, algorithm, the learner, the libraries it needs
0.npy, ...   arrays, and what a library wrote in its own format
```

The zip is stored plainly with fixed dates: the same model gives the same bytes. What it holds is written by the first
that fits of: `plain` (what JSON can say, and classes of ours by the names of `values.stored`), `formats` (LightGBM's
text, a forest's arrays, skops for scikit-learn), and a pickle for anything else. Whoever reads has verified before that
this workspace wrote the bytes.
"""

from operators.contract.values.codec.models import decoded, encoded

__all__ = ["decoded", "encoded"]
