"""What is said of a file that came from a browser."""


def test_a_file_is_called_by_the_name_that_its_owner_gave_it(empty, screens):
    app = screens("data").file_uploader(key="data.file").set_value([("people, mine.csv", b"", "text/csv")]).run()
    assert [error.value for error in app.error if "people, mine" in error.value]
    assert not list(empty.rglob("people*"))
