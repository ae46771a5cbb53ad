from fedcop.receive.arrival import DONE, ignored, refused


def test_an_outcome_says_how_it_ended_and_why() -> None:
    assert (DONE.state, DONE.text) == ("done", "")
    assert (ignored("x").state, ignored("x").text) == ("ignored", "x")
    assert (refused("y").state, refused("y").text) == ("refused", "y")
