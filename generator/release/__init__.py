"""The copy to publish: nothing of people, machines or unpublished figures leaves with it.

`cleaning` takes marks out of the XML of a part, `copying` takes parts over and refuses what a
person must decide.
"""
