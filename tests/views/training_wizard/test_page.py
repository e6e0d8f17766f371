from btgui.views.training_wizard.page import Page


def test_a_plain_page_lets_one_go_on_and_has_nothing_to_stop(qtbot):
    page = Page()
    qtbot.addWidget(page)
    assert page.is_complete()
    assert not page.busy()
    page.close_down()
