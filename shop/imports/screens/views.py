"""Imports in the admin: the list, one run, and what can be done with it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from shop.imports.models import ImportRow, ImportRun
from shop.imports.runs import control
from shop.imports.runs.price_limits import proposals_of
from shop.imports.screens import selection
from shop.imports.screens.forms import UploadForm
from shop.imports.screens.selection import ROWS_PER_PAGE, Outcome
from shop.imports.spreadsheets import guard

State = ImportRun.State
RUNS_PER_PAGE = 20
HOME = {"url": "", "label": "Imports and exports"}


def may(request: HttpRequest, *actions: str) -> bool:
    """Whether somebody may do one of these with imports: ``add`` (bring files), ``change`` (apply), ``view``."""
    return any(request.user.has_perm(f"imports.{action}_importrun") for action in actions)


def require(request: HttpRequest, *actions: str) -> None:
    """Raises PermissionDenied."""
    if not may(request, *actions):
        raise PermissionDenied


# What applying a file, and rolling it back, does beside writing pages, and the words for it.
ALSO_NEEDED = {"pricing.add_price": "change prices", "inventory.add_stockmovement": "change stock"}


def require_money_and_stock(request: HttpRequest) -> None:
    """Raises control.RunBusy for those who may not do by hand what a file would do for them."""
    lacking = [words for name, words in ALSO_NEEDED.items() if not request.user.has_perm(name)]
    if lacking:
        said = " or ".join(lacking)
        raise control.RunBusy(f"Files carry prices and stock, and you may not {said}. Ask a shop manager to do this.")


class ImportsView(WagtailAdminTemplateMixin, TemplateView):
    """All runs, newest first, and the forms that bring and take files."""

    template_name = "imports/admin/index.html"
    page_title = "Imports and exports"
    header_icon = "upload"
    form: UploadForm | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, "view", "add", "change")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, "add")
        self.form = UploadForm(request.POST, request.FILES)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        with transaction.atomic():
            self.form.instance.created_by = request.user
            self.form.instance.heartbeat = timezone.now()
            run = self.form.save()
            control.start(run, state=State.COMPARING, allowed=[State.COMPARING])
        return redirect("imports_run", run.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, HOME]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = ImportRun.objects.select_related("created_by", "category")
        page = WagtailPaginator(runs, RUNS_PER_PAGE).get_page(self.request.GET.get("p", "1"))
        context: dict[str, Any] = super().get_context_data(
            runs=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            form=self.form or (UploadForm() if may(self.request, "add") else None),
            **kwargs,
        )
        return context


class RunView(WagtailAdminTemplateMixin, TemplateView):
    """One run: how far it is, what would change, and the buttons that move it on."""

    template_name = "imports/admin/run.html"
    page_title = "Import"
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, "view", "add", "change")
        self.run = get_object_or_404(ImportRun.objects.select_related("created_by", "category"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "change")
        action = ACTIONS.get(request.POST.get("action", ""), ACTIONS["save"])
        show, query = request.POST.get("show", "all"), request.POST.get("q", "")
        try:
            with transaction.atomic():
                if self.run.state == State.REVIEW:
                    selection.accept(self.run, shown=_numbers(request, "shown"), chosen=_numbers(request, "accepted"))
                said = action(self.run, request, show, query)
        except control.RunBusy as error:
            messages.error(request, str(error))
        else:
            if said:
                messages.success(request, said)
        return redirect(_address(self.run, request, show, query))

    def get_page_subtitle(self) -> str:
        return str(self.run)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {**HOME, "url": reverse("imports_index")}, {"url": "", "label": str(self.run)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, given = self.run, self.request.GET
        show = given.get("show", "all") if given.get("show") in selection.FILTERS else "all"
        query = given.get("q", "").replace("\0", "")[:100]
        found = selection.rows(run, show=show, query=query)
        page = WagtailPaginator(found, ROWS_PER_PAGE).get_page(given.get("p", "1"))
        waiting = run.rows.filter(selection.OPEN, accepted=True).count() if run.state == State.REVIEW else 0
        context: dict[str, Any] = super().get_context_data(
            run=run,
            filters=selection.filters(run, show),
            show=show,
            query=query,
            page=page,
            rows=selection.in_words(list(page.object_list)),
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            waiting=waiting,
            notes=selection.problems(run.notes),
            may_change=may(self.request, "change"),
            silent=control.is_silent(run),
            pictures=selection.pictures(run),
            proposals=proposals_of(run) if self.request.user.has_perm("pricing.change_priceproposal") else [],
            can_undo=run.state in UNDOABLE and run.rows.filter(state=ImportRow.State.APPLIED).exists(),
            **kwargs,
        )
        return context


UNDOABLE = (State.APPLIED, State.STOPPED, State.FAILED)
COMPARABLE = (State.REVIEW, State.CANCELLED, State.FAILED)


def _save(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    return "Your choice is kept."


def _accept(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    return f"{selection.accept_all(run, accepted=True, show=show, query=query):,} products are accepted."


def _leave_out(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    return f"{selection.accept_all(run, accepted=False, show=show, query=query):,} products are left out."


def _apply(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    require_money_and_stock(request)
    ImportRun.objects.filter(pk=run.pk, state=State.REVIEW).update(applied_by=request.user)
    control.start(run, state=State.APPLYING, allowed=[State.REVIEW])
    return ""


def _compare(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    if run.rows.filter(state=ImportRow.State.APPLIED).exists():
        raise control.RunBusy("Some of it is applied already. Upload the file again to compare it again.")
    control.start(run, state=State.COMPARING, allowed=COMPARABLE)
    return ""


def _stop(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    control.stop(run)
    return "The import stops after the products in hand." if run.is_working else "The import is cancelled."


def _resume(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    control.resume(run)
    return ""


def _undo(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    require_money_and_stock(request)
    control.start(run, state=State.UNDOING, allowed=UNDOABLE)
    return ""


ACTIONS = {
    "save": _save,
    "accept": _accept,
    "leave_out": _leave_out,
    "apply": _apply,
    "compare": _compare,
    "stop": _stop,
    "resume": _resume,
    "undo": _undo,
}


class ProgressView(View):
    """How far a run is, for the script that shows it."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        require(request, "view", "add", "change")
        run = get_object_or_404(ImportRun, pk=pk)
        working = run.is_working and not control.is_silent(run)
        return JsonResponse(
            {"state": run.state, "label": run.get_state_display(), "progress": run.progress, "working": working}
        )


class ReportView(View):
    """Every problem of a run, and everything that was not applied, as CSV."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        require(request, "view", "add", "change")
        run = get_object_or_404(ImportRun, pk=pk)
        response = StreamingHttpResponse(_report(run), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-report.csv"'
        return response


def _report(run: ImportRun) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(["line", "product", "outcome", "state", "severity", "message"]))
    for row in run.rows.order_by("line", "number").iterator(chunk_size=500):
        start = [row.line, guard(row.title), row.get_outcome_display(), row.get_state_display()]
        for problem in selection.problems(row.problems):
            yield str(writer.writerow([problem["line"], *start[1:], problem["severity"], guard(problem["text"])]))
        if row.reason or (row.outcome == Outcome.REFUSED and not row.problems):
            yield str(writer.writerow([*start, "", guard(row.reason)]))


class _Line:
    def write(self, line: str) -> str:
        return line


def _numbers(request: HttpRequest, name: str) -> list[int]:
    """Row ids of a form; anything else is left out."""
    return [int(value) for value in request.POST.getlist(name)[:1000] if value.isdecimal() and len(value) <= 18]


def _address(run: ImportRun, request: HttpRequest, show: str, query: str) -> str:
    from urllib.parse import urlencode

    kept = {"show": show if show in selection.FILTERS and show != "all" else "", "q": query[:100]}
    kept["p"] = request.POST.get("p", "") if request.POST.get("p", "").isdecimal() else ""
    words = urlencode({name: value for name, value in kept.items() if value})
    return reverse("imports_run", args=[run.pk]) + (f"?{words}" if words else "")
