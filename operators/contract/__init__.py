"""The contract of an operator: what its author builds on.

An operator is a frozen pydantic model on one of four bases:

| base | method(s) | for |
|---|---|---|
| `TableOperator` | `transform(table) -> table` | pure and lazy: select, filter, join, group, formula |
| `FittedOperator` | `fit(train) -> values`, `apply(values, table) -> table` | impute, scale, encode |
| `Trainer` | `train(train, validation=None) -> Model` | learners |
| `Operator` | `run(**inputs) -> value or NamedTuple` | sources, splits, evaluation, export |

Every class has a `card` and `examples()`; `operators.testing.checks` is the published suite that each must pass.
"""
