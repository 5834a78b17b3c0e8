from pathlib import Path

import grpc
from suasion.v1.contact_pb2 import ContactState
from suasion.v1.contact_service_pb2 import DispatchRequest, FailRequest, ReserveRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.subject_pb2 import Subject

contacts = ContactServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
request = ReserveRequest(subject=Subject(user_id="u2"), plan="hello", request_id="r-2")
id = contacts.Reserve(request, timeout=1).contact.contact_id
Path("contact.txt").write_text(id)
sending = contacts.Dispatch(DispatchRequest(contact_id=id, request_id="d-2"), timeout=1).contact
failed = contacts.Fail(FailRequest(contact_id=id, fencing_token=sending.fencing_token), timeout=1).contact
print(ContactState.Name(failed.state))
