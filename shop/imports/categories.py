"""Where products go: the category below which an import works, and the paths below that."""

from collections.abc import Iterable, Sequence

from django.utils.text import slugify
from wagtail.models import Page, Site

from shop.catalog.bulk import add_pages, free_slugs
from shop.catalog.bulk_index import index_for_search
from shop.catalog.models import CategoryPage
from shop.imports.drafts import digest

ROOT_TITLE = "Shop"
ROOT_SLUG = "shop"

# Titles from the import's own category downwards.
CategoryPath = tuple[str, ...]


class NoCategory(Exception):
    """There is no such category, or more than one; the message tells a person what to do."""


def root_category(*, create: bool) -> Page | None:
    """Below which an import works that names no category: the only one below the site's root page, else the one with
    the slug ``shop``, else the site's root page itself: the file's categories are then the shop's uppermost ones.

    Where the site has no category at all one is made, if ``create``; else None. Raises NoCategory without a site.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first() or Site.objects.first()
    if site is None:
        raise NoCategory("There is no site yet. Create one in the admin under Settings > Sites.")
    top = list(CategoryPage.objects.child_of(site.root_page).order_by("path"))
    named = [category for category in top if category.slug == ROOT_SLUG]
    if named or len(top) == 1:
        return (named or top)[0]
    if top:
        root: Page = site.root_page
        return root
    if not create:
        return None
    category = CategoryPage(title=ROOT_TITLE, slug=free_slugs([(site.root_page_id, ROOT_SLUG)])[0])
    add_pages([(site.root_page_id, category)])
    index_for_search(CategoryPage, [category])
    return category


def find_category(name: str) -> CategoryPage:
    """The category with this address (``/shop/lamps/``), slug or title. Raises NoCategory where that is not one."""
    wanted = name.strip()
    if "/" in wanted:
        tail = "/" + wanted.strip("/") + "/"
        sites = list(Site.objects.select_related("root_page"))
        addresses = {site.root_page.url_path.rstrip("/") + tail for site in sites}
        found = list(CategoryPage.objects.filter(url_path__in=addresses))
    else:
        found = list(CategoryPage.objects.filter(slug=wanted)) or list(
            CategoryPage.objects.filter(title__iexact=wanted)
        )
    if len(found) == 1:
        return found[0]
    if found:
        choice = ", ".join(category.url or category.url_path for category in found)
        raise NoCategory(f"Several categories are called “{wanted}”. Give one of these addresses: {choice}.")
    known = ", ".join(CategoryPage.objects.order_by("path").values_list("slug", flat=True)[:20]) or "none"
    raise NoCategory(f"There is no category “{wanted}”. Categories: {known}.")


class CategoryTree:
    """Finds and makes the categories of paths below one category. Reads them once and remembers them for a run.

    A category is the same if its title is (case aside), or else its slug: an editor may have renamed it.
    """

    def __init__(self, scope: Page | None) -> None:
        self.scope = scope
        # Where products go for which the file names no category: a page that is no category cannot hold them.
        self.default: CategoryPath = () if scope is None or scope.specific_class is CategoryPage else (ROOT_TITLE,)
        self._known: dict[CategoryPath, tuple[int, str]] = {}  # folded path -> page id, tree path
        # Tree path of the parent and folded title, or slug -> page id, tree path.
        self._by_title: dict[tuple[str, str], tuple[int, str]] = {}
        self._by_slug: dict[tuple[str, str], tuple[int, str]] = {}
        self._read = False
        self.forget()

    def forget(self) -> None:
        """Read everything again: a transaction was rolled back, or somebody has changed the tree."""
        self._known = {(): (self.scope.pk, self.scope.path)} if self.scope else {}
        self._by_title, self._by_slug, self._read = {}, {}, False

    def find(self, paths: Iterable[CategoryPath]) -> list[CategoryPath]:
        """Look these paths up; gives those that do not exist, with every missing step above them, upper ones first."""
        steps = [path for path in _steps(paths) if _fold(path) not in self._known]
        missing = []
        for path in steps:
            above = self._known.get(_fold(path[:-1]))
            found = self._child(above[1], path[-1]) if above else None
            if found:
                self._known[_fold(path)] = found
            else:
                missing.append(path)
        return missing

    def ensure(self, paths: Sequence[CategoryPath]) -> tuple[dict[CategoryPath, int], list[CategoryPage]]:
        """The page id of each path, and the categories that had to be made (not yet in the search index)."""
        made = self._create(self.find(paths))
        return {path: self._known[_fold(path)][0] for path in paths}, made

    def known_id(self, path: CategoryPath) -> int | None:
        """The page id of a path that has been looked up, or None."""
        known = self._known.get(_fold(path))
        return known[0] if known else None

    def _child(self, parent: str, title: str) -> tuple[int, str] | None:
        if not self._read:
            self._read_all()
        return self._by_title.get((parent, title.casefold())) or self._by_slug.get((parent, _slug(title)))

    def _read_all(self) -> None:
        self._read = True
        if self.scope is None:
            return
        rows = CategoryPage.objects.descendant_of(self.scope).values_list("pk", "path", "title", "slug")
        for pk, path, title, slug in rows.iterator():
            parent = path[: -Page.steplen]
            self._by_title.setdefault((parent, title.casefold()), (pk, path))
            self._by_slug[parent, slug] = pk, path

    def _create(self, missing: Iterable[CategoryPath]) -> list[CategoryPage]:
        """Make categories, those above before those below."""
        new = {_fold(path): path for path in missing}
        parents = {folded: self._known.get(folded[:-1], (None, ""))[0] for folded in new}
        slugs = free_slugs([(parents[folded] or folded[:-1], _slug(path[-1])) for folded, path in new.items()])
        made = {
            folded: CategoryPage(title=path[-1], slug=slug)
            for (folded, path), slug in zip(new.items(), slugs, strict=True)
        }
        add_pages([(parents[folded] or made[folded[:-1]], page) for folded, page in made.items()])
        self._known |= {folded: (page.pk, page.path) for folded, page in made.items()}
        return list(made.values())


def _fold(path: CategoryPath) -> CategoryPath:
    return tuple(title.casefold() for title in path)


def _slug(title: str) -> str:
    return slugify(title, allow_unicode=True)[:255] or f"category-{digest(title)}"


def _steps(paths: Iterable[CategoryPath]) -> list[CategoryPath]:
    """Every path and every step above it, each once, upper ones first."""
    steps = {path[:length]: None for path in paths for length in range(1, len(path) + 1)}
    return sorted(steps, key=len)
