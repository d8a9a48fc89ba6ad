"""`image`: an image with a tag is present in the learner's engine, and is all the author says."""

from collections.abc import Iterator
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sandbox.snapshot import Details, Image, Question, Snapshot, full_reference

from .amounts import Size, size_words
from .base import Outcome
from .image_contents import ContentFields, unread
from .traits import Trait, equal, judge, shown

# Of a learner's own registry.
OWN_HOSTS = ("localhost:", "127.0.0.1:")


class ImageCheck(ContentFields):
    kind: ClassVar[str] = "image"

    reference: str
    same_as: str | None = None
    based_on: str | None = None
    built: bool | None = None
    committed: bool | None = None
    most_size: Size | None = None
    most_layers: int | None = None

    def question(self) -> Question:
        return Question(images=self._needs_details())

    def _needs_details(self) -> bool:
        beyond = {self.based_on, self.committed, self.most_layers} != {None}
        return beyond or self.asks_for_contents()

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        wanted = full_reference(self.reference)
        image = snapshot.image(self.reference)
        if snapshot.images:
            nothing = _("Other images are here, but not %(image)s.") % {"image": wanted}
        else:
            nothing = _("There is no image yet.")
        return judge(
            [image] if image else [],
            [*self._origin(snapshot), *self._size(), *self.contents()],
            lambda _image: _("The image %(image)s is here") % {"image": wanted},
            _("The image %(image)s is in your engine") % {"image": wanted},
            nothing,
        )

    def _origin(self, snapshot: Snapshot) -> Iterator[Trait[Image]]:
        if self.same_as is not None:
            other = snapshot.image(self.same_as)
            names = {"image": full_reference(self.same_as)}
            yield Trait(
                _("the same as %(image)s") % names,
                lambda one: (
                    None if other and other.id == one.id else _("another than %(image)s") % names
                ),
            )
        if self.based_on is not None:
            yield _built_on(snapshot, self.based_on)
        if self.built is not None:
            yield equal(self.built, _was_built_here, _built_words)
        if self.committed is not None:
            yield equal(self.committed, _was_committed, _committed_words)

    def _size(self) -> Iterator[Trait[Image]]:
        if (most := self.most_size) is not None:
            yield Trait(
                _("at most %(size)s large") % {"size": size_words(most)},
                lambda one: (
                    None
                    if one.size <= most
                    else _("%(size)s large") % {"size": size_words(one.size)}
                ),
            )
        if (most_layers := self.most_layers) is not None:

            def too_many(one: Image) -> str | None:
                if one.details is None:
                    return unread()
                count = len(one.details.layers)
                if count <= most_layers:
                    return None
                return ngettext("%(number)d layer", "%(number)d layers", count) % {"number": count}

            wish = ngettext("at most %(number)d layer", "at most %(number)d layers", most_layers)
            yield Trait(wish % {"number": most_layers}, too_many)


def _built_on(snapshot: Snapshot, base: str) -> Trait[Image]:
    """Its layers begin with those of the base. Where that has been removed, no one can tell."""
    found = snapshot.image(base)
    below = found.details.layers if found and found.details else ()
    names = {"image": shown(full_reference(base))}

    def not_on_it(one: Image) -> str | None:
        if not below:
            return _("whose base %(image)s is not here to compare") % names
        layers = (one.details or Details()).layers
        if found and one.id != found.id and layers[: len(below)] == below:
            return None
        return _("not based on %(image)s") % names

    return Trait(_("based on %(image)s") % names, not_on_it)


def _was_built_here(image: Image) -> bool:
    return all(digest.startswith(OWN_HOSTS) for digest in image.digests)


def _built_words(yes: bool) -> str:
    return _("made here") if yes else _("pulled from a registry")


def _was_committed(image: Image) -> bool:
    return image.details is not None and image.details.made_from_container != ""


def _committed_words(yes: bool) -> str:
    return _("made from a container") if yes else _("not made from a container")
